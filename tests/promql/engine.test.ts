import { describe, expect, test } from 'vitest';
import { rangeQuery } from '#lib/query/promql/engine.ts';
import type { MetricSource } from '#lib/query/promql/evaluation.ts';
import type { SelectOptions } from '#lib/store/store.ts';
import { MemoryReader } from './memory-reader.ts';
import { at, faultOf, MINUTE, range, shop } from './shop.ts';

describe('absence is not NaN', () => {
  const reader = new MemoryReader().add(
    [['__name__', 'x']],
    [
      [0, Number.NaN],
      [MINUTE, 'stale'],
      [2 * MINUTE, 5],
      [9 * MINUTE, 6],
    ],
  );

  test('a NaN is a value, a staleness marker and a gap are none', async () => {
    const { data } = await range(reader, 'x', { endMs: 9 * MINUTE });
    expect([...(data.series[0]?.times ?? [])].map((t) => t / MINUTE)).toEqual([0, 2, 3, 4, 5, 6, 9]);
    expect(data.series[0]?.values[0]).toBeNaN();
    expect(await at(reader, 'count_over_time(x[10m])', 9 * MINUTE)).toEqual({ '{}': 3 });
    expect(await at(reader, 'absent(x)', MINUTE)).toEqual({ '{}': 1 });
  });

  test('windows and the lookback are open on the left', async () => {
    expect(await at(reader, 'count_over_time(x[7m])', 9 * MINUTE)).toEqual({ '{}': 1 });
    expect(await at(reader, 'x', 7 * MINUTE)).toEqual({});
    expect(await at(reader, 'x', 7 * MINUTE - 1)).toEqual({ '{"__name__":"x"}': 5 });
  });

  test('unknown metrics and empty ranges give empty results', async () => {
    expect(await at(reader, 'nothing')).toEqual({});
    expect((await range(reader, 'sum(rate(nothing[5m]))')).data.series).toEqual([]);
  });
});

describe('what a query cost', () => {
  test('each selector with what it read, and the most held at one time', async () => {
    const { stats } = await range(
      shop(),
      'sum(rate(hits_total[5m])) / count(hits_total{job="api"} offset 1m)',
      {
        queueMs: 7,
      },
    );
    expect(stats.selectors.map(({ text, series, samples }) => [text, series, samples])).toEqual([
      ['hits_total[5m]', 3, 183],
      ['hits_total{job="api"} offset 1m', 2, 120],
    ]);
    expect(stats.samples.total).toBe(303);
    expect(stats.samples.peak).toBeGreaterThan(303);
    expect(stats.timings.queueMs).toBe(7);
    expect(stats.timings.evalMs + stats.timings.selectMs).toBeCloseTo(stats.timings.totalMs, 6);
  });

  test('the store is told what the samples are for, and when nobody waits for them', async () => {
    const asked: (SelectOptions | undefined)[] = [];
    const source: MetricSource = {
      select: (_matchers, _range, options) => {
        asked.push(options);
        return Promise.resolve([]);
      },
    };
    const { signal } = new AbortController();
    const options = { startMs: 0, endMs: MINUTE, stepMs: MINUTE, signal, limits: { maxSamples: 500 } };
    await rangeQuery(source, 'increase(x[5m]) or y', options);
    expect(asked).toEqual([
      {
        signal,
        maxSamples: expect.any(Number),
        hint: { func: 'increase', rangeMs: 5 * MINUTE, stepMs: MINUTE },
      },
      { signal, maxSamples: expect.any(Number), hint: { func: '', rangeMs: 0, stepMs: MINUTE } },
    ]);
    expect(asked.every((each) => (each?.maxSamples ?? 0) <= 500)).toBe(true);
  });
});

describe('bounds', () => {
  test('a client that is gone ends its query', async () => {
    const gone = new AbortController();
    const reader = shop();
    const query = `sum(${Array.from({ length: 60 }, () => 'hits_total').join(' + ')})`;
    gone.abort();
    const fault = await faultOf(range(reader, query, { signal: gone.signal }));
    expect(fault).toMatchObject({ status: 499, code: 'canceled' });
  });

  test.each(['(', '-', 'abs(', 'sum(', 'max_over_time('])('10,000 of %s are too deep', async (open) => {
    const close = open === '-' ? '' : open === 'max_over_time(' ? '[1m:])' : ')';
    const fault = await faultOf(at(shop(), `${open.repeat(10_000)}1${close.repeat(10_000)}`));
    expect(fault).toMatchObject({ status: 400, code: 'bad_data' });
  });

  test('a regex that would make others backtrack, over many label values', async () => {
    const reader = new MemoryReader();
    for (let i = 0; i < 500; i++)
      reader.add(
        [
          ['__name__', 'x'],
          ['i', `${'a'.repeat(60)}${i}`],
        ],
        [[0, i]],
      );
    const start = performance.now();
    expect(await at(reader, 'count(label_replace(x, "j", "$1", "i", "(a+)+b"))', 0)).toEqual({ '{}': 500 });
    expect(performance.now() - start).toBeLessThan(2000);
  });

  test('each selector is asked of the store once, however often it is named and however many steps there are', async () => {
    const reader = shop();
    await range(reader, 'hits_total / (hits_total + hits_total offset 5m) > hits_total');
    expect(reader.selects).toBe(2);
    await range(reader, 'rate(hits_total[5m]) + rate(hits_total[5m]) + max_over_time(hits_total[5m])');
    expect(reader.selects).toBe(4);
  });

  test('the sample limit', async () => {
    const fault = await faultOf(range(shop(), 'hits_total', { limits: { maxSamples: 200 } }));
    expect(fault).toMatchObject({ status: 422, code: 'execution' });
    expect(fault.message).toContain('too many samples');
    await range(shop(), 'sum(-(-(-(-(hits_total)))))', { limits: { maxSamples: 1200 } });
  });

  test('a subquery cannot ask for more steps than samples are allowed', async () => {
    const fault = await faultOf(at(shop(), 'count_over_time(vector(1)[100y:1ms])'));
    expect(fault.message).toContain('too many samples');
  });

  test('the step limit and impossible ranges', async () => {
    const reader = shop();
    expect((await faultOf(range(reader, 'x', { stepMs: 1 }))).message).toContain(
      'exceeded maximum resolution of 11,000 points per timeseries',
    );
    expect(await faultOf(range(reader, 'x', { endMs: -1 }))).toMatchObject({ code: 'bad_data' });
    expect(await faultOf(range(reader, 'x', { stepMs: 0 }))).toMatchObject({ code: 'bad_data' });
    expect(await faultOf(range(reader, 'x[5m]'))).toMatchObject({ code: 'bad_data' });
    expect((await range(reader, 'vector(1)', { stepMs: (6 * 60_000) / 11 })).data.series).toHaveLength(1);
  });

  test('a large group is reduced in slices, to the same result', async () => {
    const reader = new MemoryReader();
    for (let i = 0; i < 120; i++)
      reader.add(
        [
          ['__name__', 'x'],
          ['i', `${i}`],
        ],
        [[0, i]],
      );
    const options = { startMs: 0, endMs: 10_000, stepMs: 1 };
    for (const [query, value] of [
      ['sum(x)', 7140],
      ['quantile(0.5, x)', 59.5],
      ['max(x) - min(x)', 119],
    ] as const) {
      const { data } = await rangeQuery(reader, query, options);
      expect(data.series[0]?.values).toHaveLength(10_001);
      expect(new Set(data.series[0]?.values)).toEqual(new Set([value]));
    }
  });

  test('long windows over a single series give way too', async () => {
    const reader = new MemoryReader().add(
      [['__name__', 'x']],
      Array.from({ length: 5000 }, (_, i) => [i * 1000, (i * 7919) % 5000] as const),
    );
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    await rangeQuery(reader, 'quantile_over_time(0.9, x[1h])', { startMs: 0, endMs: 5e6, stepMs: 5000 });
    clearInterval(timer);
    expect(turns).toBeGreaterThan(2);
  });

  test('a long evaluation gives way to others, and stops at its timeout', async () => {
    const reader = new MemoryReader();
    for (let i = 0; i < 400; i++)
      reader.add(
        [
          ['__name__', 'x'],
          ['i', `${i}`],
        ],
        [[0, i]],
      );
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    const query = `sum(${Array.from({ length: 60 }, () => 'x').join(' + ')})`;
    const options = { startMs: 0, endMs: 10_000, stepMs: 1 };
    await rangeQuery(reader, query, { ...options, stepMs: 5 });
    expect(turns).toBeGreaterThan(3);
    const fault = await faultOf(
      rangeQuery(reader, query, { ...options, stepMs: 5, limits: { timeoutMs: 40 } }),
    );
    clearInterval(timer);
    expect(fault).toMatchObject({ status: 503, code: 'timeout' });
  });
});
