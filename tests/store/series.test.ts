import { expect, test } from 'vitest';
import type { Exemplar } from '#lib/model/exemplar.ts';
import type { Matcher, MetricBatch } from '#lib/model/metrics.ts';
import { type NativeHistogram, NO_BUCKETS } from '#lib/model/native-histogram.ts';
import { metricBatch, series } from '#lib/store/testing/telemetry.ts';
import { describeStore, HOUR, NOW, RANGE } from './harness.ts';

const named = (value: string): Matcher[] => [{ name: '__name__', op: '=', value }];

const histogram = (count: number): NativeHistogram => ({
  schema: 2,
  counterReset: 'unknown',
  count,
  sum: count / 4,
  zeroThreshold: 1e-128,
  zeroCount: 0,
  positive: { spans: [{ offset: 1, length: 2 }], counts: Float64Array.of(count - 1, 1) },
  negative: NO_BUCKETS,
  customValues: new Float64Array(0),
});

const exemplar = (traceId: string, timestamp: number): Exemplar => ({
  labels: [['trace_id', traceId]],
  value: 0.25,
  timestamp,
});

/** One series without float samples. */
const beside = (name: string, parts: Pick<MetricBatch, 'histograms' | 'exemplars'>): MetricBatch => ({
  ...metricBatch([[series(name), []]]),
  ...parts,
});

describeStore('series', (it) => {
  test('one that comes back after a rest is one series in every answer', async () => {
    let clock = NOW - 12 * HOUR;
    await it.reopen({ now: () => clock });
    const send = (name: string, value: number) =>
      it.store.appendMetrics(metricBatch([[series(name, { job: 'x' }), [[clock, value]]]]));
    await send('up', 1);
    await it.store.compact();
    clock += 4 * HOUR;
    await send('other', 1);
    await it.store.compact();
    expect((await it.store.stats()).series).toBe(1);
    expect(await it.store.metrics.labelValues('__name__', [], RANGE)).toEqual(['other', 'up']);
    expect(await it.store.metrics.series(named('up'), { from: clock, to: NOW })).toEqual([]);
    await send('up', 2);
    const check = async () => {
      const found = await it.store.metrics.select(named('up'), RANGE);
      expect(found).toEqual([
        {
          labels: [
            ['__name__', 'up'],
            ['job', 'x'],
          ],
          timestamps: Float64Array.of(NOW - 12 * HOUR, NOW - 8 * HOUR),
          values: Float64Array.of(1, 2),
        },
      ]);
      expect(await it.store.metrics.series([], RANGE)).toHaveLength(2);
    };
    await check();
    await it.store.compact();
    await check();
    await it.reopen({ now: () => clock });
    await check();
  });

  test('the log may name series that were idle long before it', async () => {
    await it.store.appendMetrics(metricBatch([[series('old'), [[NOW - 9 * HOUR, 1]]]]));
    await it.store.compact();
    await it.store.appendMetrics(metricBatch([[series('new'), [[NOW, 1]]]]));
    await it.store.compact();
    // Known to the running store, but not to the next one until it reads this.
    await it.store.appendMetrics(metricBatch([[series('old'), [[NOW - 8 * HOUR, 2]]]]));
    await it.reopen();
    const [old] = await it.store.metrics.select(named('old'), RANGE);
    expect(old?.values).toEqual(Float64Array.of(1, 2));
  });

  test('beyond the limit new series are refused, those that are known keep flowing', async () => {
    await it.reopen({ maxSeries: 2 });
    const hits = (at: number, ...users: string[]) =>
      it.store.appendMetrics(
        metricBatch(users.map((user) => [series('hits', { user, job: 'x' }), [[at, 1]]])),
      );
    await hits(NOW, 'a', 'b');
    const result = await hits(NOW + 1, 'a', 'c', 'd');
    expect(result).toMatchObject({ accepted: 1, rejected: [{ reason: 'series-limit', count: 2 }] });
    expect(result.rejected[0]?.message).toContain(
      "'hits' has 2 of them and 2 of the new ones, and its label 'user' 4 values",
    );
  });

  test('native histograms and exemplars survive the log, compaction and restarts', async () => {
    const at = NOW - HOUR;
    const sent = beside('latency', {
      histograms: [
        { series: 0, timestamp: at, histogram: histogram(5) },
        { series: 0, timestamp: at + 10, histogram: histogram(7) },
      ],
      exemplars: [{ series: 0, exemplar: exemplar('abc', at + 3) }],
    });
    expect(await it.store.appendMetrics(sent)).toEqual({ accepted: 2, rejected: [] });
    // Sent again, nothing changes; another one for the same time is refused, and so is a float.
    expect(await it.store.appendMetrics(sent)).toEqual({ accepted: 2, rejected: [] });
    const conflict = { series: 0, timestamp: at, histogram: histogram(9) };
    expect(await it.store.appendMetrics(beside('latency', { histograms: [conflict] }))).toMatchObject({
      accepted: 0,
      rejected: [{ reason: 'duplicate-timestamp', count: 1 }],
    });
    expect(
      await it.store.appendMetrics(
        metricBatch([
          [
            series('latency'),
            [
              [at, 1],
              [at + 5, 2],
            ],
          ],
        ]),
      ),
    ).toMatchObject({ accepted: 1, rejected: [{ reason: 'duplicate-timestamp', count: 1 }] });
    const check = async () => {
      expect(await it.store.metrics.select(named('latency'), RANGE)).toEqual([
        {
          labels: [['__name__', 'latency']],
          timestamps: Float64Array.of(at, at + 5, at + 10),
          values: Float64Array.of(Number.NaN, 2, Number.NaN),
          histograms: [histogram(5), undefined, histogram(7)],
        },
      ]);
      expect(await it.store.metrics.exemplars([named('latency'), named('none')], RANGE)).toEqual([
        { labels: [['__name__', 'latency']], exemplars: [exemplar('abc', at + 3)] },
      ]);
      expect(await it.store.metrics.exemplars([named('latency')], { from: at + 4, to: NOW })).toEqual([]);
    };
    await check();
    await it.reopen();
    await check();
    await it.store.compact();
    await check();
    await it.reopen();
    await check();
  });

  test('of exemplars no more than ten a minute are kept of a series', async () => {
    const exemplars = Array.from({ length: 12 }, (_, i) => ({
      series: 0,
      exemplar: exemplar(String(i), NOW - HOUR + i),
    }));
    expect(await it.store.appendMetrics(beside('latency', { exemplars }))).toMatchObject({
      accepted: 0,
      rejected: [{ reason: 'exemplar-limit', count: 2 }],
    });
  });

  test('series that were scraped together share their times, in memory and at rest', async () => {
    const refs = Array.from({ length: 70 }, (_, i) => series('up', { i: String(i) }));
    const scrape = (at: number) => metricBatch(refs.map((ref) => [ref, [[at, at]]]));
    for (let i = 0; i < 5; i++) await it.store.appendMetrics(scrape(NOW - HOUR + i));
    const distinct = async () =>
      new Set((await it.store.metrics.select(named('up'), RANGE)).map((s) => s.timestamps)).size;
    expect(await distinct()).toBe(1);
    await it.store.compact();
    expect(await distinct()).toBe(1);
    for (let i = 5; i < 9; i++) await it.store.appendMetrics(scrape(NOW - HOUR + i));
    expect(await distinct()).toBe(1);
    const [clipped] = await it.store.metrics.select(named('up'), {
      from: NOW - HOUR + 3,
      to: NOW - HOUR + 6,
    });
    expect(clipped?.timestamps).toEqual(Float64Array.from([3, 4, 5, 6], (i) => NOW - HOUR + i));
  });

  test('a select that would hold too much, or that nobody waits for, ends', async () => {
    await it.store.appendMetrics(
      metricBatch([[series('up'), Array.from({ length: 20 }, (_, i) => [NOW - HOUR + i, i])]]),
    );
    await expect(it.store.metrics.select(named('up'), RANGE, { maxSamples: 19 })).rejects.toMatchObject({
      status: 422,
      code: 'too-many-samples',
    });
    expect(await it.store.metrics.select(named('up'), RANGE, { maxSamples: 20 })).toHaveLength(1);
    const gone = AbortSignal.abort(new Error('the client went away'));
    await expect(it.store.metrics.select(named('up'), RANGE, { signal: gone })).rejects.toThrow('went away');
  });

  test('cardinality names what takes the room', async () => {
    await it.store.appendMetrics(
      metricBatch([
        [series('a', { pod: '1' }), [[NOW - HOUR, 1]]],
        [series('a', { pod: '2' }), [[NOW, 1]]],
        [series('b', { pod: '2' }), [[NOW, 1]]],
      ]),
    );
    expect(await it.store.metrics.cardinality()).toMatchObject({
      series: 3,
      labelPairs: 4,
      oldest: NOW - HOUR,
      newest: NOW,
      seriesByMetric: [
        { name: 'a', count: 2 },
        { name: 'b', count: 1 },
      ],
      valuesByLabel: [
        { name: '__name__', count: 2 },
        { name: 'pod', count: 2 },
      ],
      seriesByPair: expect.arrayContaining([{ name: 'pod=2', count: 2 }]),
      born: [
        [NOW - HOUR, 1],
        [NOW, 2],
      ],
      ended: [[NOW - HOUR, 1]],
    });
    expect(await it.store.metrics.cardinality({ from: NOW, to: NOW })).toMatchObject({ series: 2 });
    expect(await it.store.metrics.cardinality({ from: 0, to: 1 })).toMatchObject({
      series: 0,
      newest: undefined,
    });
  });
});
