import { describe, expect, test } from 'vitest';
import { rangeQuery } from '#lib/query/promql/engine.ts';
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

describe('bounds', () => {
  test('each selector is asked of the store once, however often it is named and however many steps there are', async () => {
    const reader = shop();
    await range(reader, 'hits_total / (hits_total + hits_total offset 5m) > hits_total');
    expect(reader.selects).toBe(2);
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
