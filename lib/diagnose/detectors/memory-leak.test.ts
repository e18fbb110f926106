import { describe, expect, test } from 'vitest';
import { around, draftsOf, evidenceOf, signal, spanSeries, T0, WINDOW, wobble } from '../evidence.testing.ts';
import { memoryLeak } from './memory-leak.ts';

const MIB = 1_048_576;
/** Garbage of a young generation on top of what is live. */
const sawtooth = (at: number) => ((at / 5000) % 6) * 2.5 * MIB;
const heap = (live: (at: number) => number | undefined) =>
  signal('heap.used_bytes', (at) => {
    const value = live(at);
    return value === undefined ? undefined : value + sawtooth(at);
  });
const limit = signal('heap.limit_bytes', () => 2048 * MIB);
const seconds = (at: number) => (at - T0) / 1000;
const detect = (
  live: (at: number) => number | undefined,
  extra: ReturnType<typeof signal>[] = [],
  rate = (_: number) => 20,
) =>
  draftsOf(
    memoryLeak,
    evidenceOf({
      signals: [heap(live), limit, ...extra],
      spans: [
        spanSeries({}, [
          { from: T0 - 3_600_000, to: T0, durations: around(10, rate(T0 - 1)) },
          { from: T0, to: WINDOW.to, durations: around(10, rate(T0)) },
        ]),
      ],
    }),
  );

const leakAt = (perSecond: number) => (at: number) => 30 * MIB + Math.max(0, seconds(at)) * perSecond * MIB;

describe('memory-leak', () => {
  test('fires on a fast leak and forecasts when the limit is reached', () => {
    const [draft] = detect(leakAt(1.5));
    expect(draft?.summary).toContain('reaches its limit of 2 GiB in');
    expect(draft?.onset).toBeLessThan(T0 + 120_000);
  });
  test('a fast leak shows within its first minute', () => {
    const evidence = evidenceOf({ signals: [heap(leakAt(1.5)), limit] });
    const results = memoryLeak.detect(evidence, { from: T0, to: T0 + 60_000 });
    expect(results).toHaveLength(1);
  });
  test('fires on a slow leak over the hour', () => {
    expect(detect((at) => 200 * MIB + ((at - T0 + 3_600_000) / 3_600_000) * 150 * MIB)).toHaveLength(1);
  });
  test('memory that was gained and is not given back stays a finding', () => {
    expect(detect((at) => (seconds(at) < 0 ? 30 : 330) * MIB)).toHaveLength(1);
  });
  test.each<[string, (at: number) => number | undefined]>([
    ['flat with a sawtooth', () => 30 * MIB],
    ['noise', (at) => (60 + 20 * wobble(at / 5000)) * MIB],
    ['a large sawtooth of old generations', (at) => (30 + ((at / 1000) % 400) * 0.2) * MIB],
    ['a buffer that is emptied every ten minutes', (at) => (60 + (((at / 1000) % 600) / 600) * 140) * MIB],
    ['a cache that has filled', (at) => (30 + 170 * (1 - Math.exp(-(at - T0 + 3_600_000) / 300_000))) * MIB],
    ['growth that is far from hurting', (at) => (200 + (at - T0 + 3_600_000) / 360_000) * MIB],
    ['no data', () => undefined],
    ['half of the samples missing', (at) => (Math.floor(at / 60_000) % 2 ? leakAt(0.1)(at) : undefined)],
  ])('silent: %s', (_, live) => {
    expect(detect(live)).toEqual([]);
  });
  test('silent: more load', () => {
    expect(detect(leakAt(1.5), [], (at) => (at < T0 ? 10 : 30))).toEqual([]);
  });
  test('silent: a young process that has filled its buffers ever since its start', () => {
    const start = T0 - 120_000;
    const filling = (at: number) => (at < start ? undefined : (70 + ((at - start) / 1000) * 1.3) * MIB);
    expect(detect(filling, [signal('process.start_seconds', () => start / 1000)])).toEqual([]);
  });
  test('silent: a process that warms up after its start', () => {
    const start = T0 + 200_000;
    const warming = (at: number) => (at < start ? 60 : 10 + Math.min(60, (at - start) / 1000)) * MIB;
    expect(
      detect(warming, [signal('process.start_seconds', (at) => (at < start ? 0 : start / 1000))]),
    ).toEqual([]);
  });
});
