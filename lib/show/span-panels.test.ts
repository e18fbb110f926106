import { describe, expect, test } from 'vitest';
import { Sketch } from '#lib/model/sketch.ts';
import type { SpanSeries } from '#lib/model/span-stats.ts';
import { entrySeries, errorsPanel, latencyPanel, throughputPanel } from './span-panels.ts';
import { spanSeries } from './span-series.fixture.ts';

const FROM = Date.UTC(2026, 10, 20, 12);
const range = { from: FROM, to: FROM + 60_000 };

const values = (
  panel: { series: readonly { key: string; values: readonly (number | null)[] }[] },
  key: string,
) => panel.series.find((series) => series.key === key)?.values;

/** 100 calls in every bucket given, so that steps stay 10 s wide. */
function steady(
  operation: string,
  buckets: readonly number[],
  durations: readonly number[] = [10],
): SpanSeries {
  return spanSeries({
    operation,
    buckets: buckets.map((i) => ({ at: FROM + i * 10_000, durations, times: 100 })),
  });
}

describe('latencyPanel', () => {
  test('merges the operations of a step before it takes quantiles', () => {
    const fast = steady('a', [0, 1, 2, 3, 4, 5], [10]);
    const slow = spanSeries({ operation: 'b', buckets: [{ at: FROM, durations: [1000], times: 100 }] });
    const panel = latencyPanel([fast, slow], range);
    const all = new Sketch();
    all.add(10, 100);
    all.add(1000, 100);
    expect(values(panel, 'p50')?.[0]).toBeCloseTo(all.quantile(0.5) ?? 0, 1);
    expect(values(panel, 'p95')?.[0]).toBeCloseTo(1000, -1);
    expect(values(panel, 'p95')?.[1]).toBeCloseTo(10, 0);
  });

  test('leaves a gap where nothing was called, never zero', () => {
    const panel = latencyPanel([steady('a', [0, 1, 3, 4, 5])], range);
    expect(values(panel, 'p95')?.map((value) => value !== null)).toEqual([
      true,
      true,
      false,
      true,
      true,
      true,
    ]);
  });

  test('draws a value at the end of its step', () => {
    expect(latencyPanel([steady('a', [0])], range).times[0]).toBe(FROM + 10_000);
  });

  test('says why it is empty', () => {
    expect(latencyPanel([], range).empty?.action?.href).toBe('/connect#traces');
  });
});

describe('throughputPanel', () => {
  test('an operation without calls has a rate of zero only while its service answers others', () => {
    const panel = throughputPanel([steady('a', [0, 1, 2, 4, 5]), steady('b', [0, 4, 5])], range);
    expect(values(panel, 'a')).toEqual([10, 10, 10, null, 10, 10]);
    expect(values(panel, 'b')).toEqual([10, 0, 0, null, 10, 10]);
  });

  test('folds what is beyond the busiest seven into one', () => {
    const many = Array.from({ length: 10 }, (_, i) => steady(`op${i}`, i < 7 ? [0, 1, 2, 3, 4, 5] : [0]));
    const panel = throughputPanel(many, range);
    expect(panel.series.map((series) => series.name).at(-1)).toBe('3 others');
    expect(values(panel, 'other')?.[0]).toBe(30);
  });
});

test('the error ratio is zero where calls went well and a gap where there were none', () => {
  const failing = spanSeries({
    buckets: [
      { at: FROM, durations: [5], times: 100 },
      { at: FROM + 10_000, durations: [5], times: 100, errors: 25 },
      { at: FROM + 20_000, durations: [5], times: 100 },
      { at: FROM + 40_000, durations: [5], times: 100 },
    ],
  });
  expect(values(errorsPanel([failing], range), 'errors')).toEqual([0, 0.25, 0, null, 0, null]);
});

test('little traffic is drawn in wider steps', () => {
  const hour = { from: FROM, to: FROM + 3_600_000 };
  const sparse = spanSeries({
    buckets: Array.from({ length: 120 }, (_, i) => ({ at: FROM + i * 30_000, durations: [10], times: 1 })),
  });
  const panel = latencyPanel([sparse], hour);
  expect((panel.times[1] ?? 0) - (panel.times[0] ?? 0)).toBe(120_000);
  expect(values(panel, 'p50')?.every((value) => value !== null)).toBe(true);
});

test.each([
  [['server', 'client', 'internal'], ['server']],
  [['consumer', 'producer'], ['consumer']],
  [['internal', 'client'], ['internal']],
] as const)('of %j the entries are %j', (kinds, entries) => {
  expect(entrySeries(kinds.map((kind) => spanSeries({ kind, buckets: [] }))).map((s) => s.kind)).toEqual(
    entries,
  );
});
