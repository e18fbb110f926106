import { expect, test } from 'vitest';
import type { Matcher } from '#lib/model/metrics.ts';
import { openDatabase } from '#lib/store/database.ts';
import type { SelectOptions } from '#lib/store/store.ts';
import { metricBatch, type Row, series } from '#lib/store/testing/telemetry.ts';
import { describeStore, HOUR, NOW, type StoreUnderTest } from './harness.ts';

const DAY = 24 * HOUR;
const MINUTE = 60_000;
/** Start of the day before that of `NOW`. */
const YESTERDAY = NOW - (NOW % DAY) - DAY;
const EVERYTHING = { from: 0, to: NOW + HOUR };

const named = (name: string, ...more: Matcher[]): Matcher[] => [
  { name: '__name__', op: '=', value: name },
  ...more,
];

async function rowsOf(it: StoreUnderTest) {
  const db = openDatabase(it.place, 1);
  const blocks = await db.metricBlock.findMany({
    orderBy: [{ group: 'asc' }, { start: 'asc' }],
    select: { start: true, end: true, count: true },
  });
  const rollups = await db.metricRollup.findMany({ select: { resolution: true, start: true, end: true } });
  const groups = await db.seriesGroup.count();
  const notes = await db.meta.findUnique({ where: { key: 'unmerged-metrics' } });
  await db.$disconnect();
  return { blocks, rollups, groups, notes: JSON.parse(notes?.value ?? '[]') as unknown[] };
}

/** Each part in a compaction of its own, the merges that follow from them done. */
async function putToRest(it: StoreUnderTest, ...parts: readonly (readonly Row[])[]): Promise<void> {
  for (const rows of parts) {
    await it.store.appendMetrics(metricBatch(rows));
    await it.store.compact();
  }
  // The clock stands at noon: what is of before ten in the morning gets joined.
  await expect
    .poll(async () => (await rowsOf(it)).notes.filter((note) => unfinished(note)), { timeout: 30_000 })
    .toEqual([]);
}

const unfinished = (note: unknown): boolean => {
  const [start, , joined] = note as [number, number, number];
  return joined === 0 && start + 2 * HOUR <= NOW - HOUR;
};

/** A counter that rises by one each minute, over a stretch of minutes. */
const counter = (from: number, minutes: number, first = 0): [number, number][] =>
  Array.from({ length: minutes }, (_, i) => [from + i * MINUTE, first + i]);

describeStore('blocks', (it) => {
  const read = (matchers: readonly Matcher[], range = EVERYTHING, hint?: SelectOptions['hint']) =>
    it.store.metrics.select(matchers, range, hint === undefined ? {} : { hint });

  test('two hours that are over become one block, without changing an answer', async () => {
    const refs = Array.from({ length: 3 }, (_, i) => series('up', { i: String(i) }));
    const at = NOW - 6 * HOUR;
    const rounds = [0, 1, 2, 3].map((round) =>
      refs.map(
        (ref, i): Row => [
          ref,
          [
            [at + round * MINUTE, round * i],
            [at, round],
          ],
        ],
      ),
    );
    for (const rows of rounds) {
      await it.store.appendMetrics(metricBatch(rows));
      await it.store.compact();
    }
    const before = await read(named('up'));
    expect(before.map((s) => [...s.values])).toEqual([
      [0, 0, 0, 0],
      [0, 1, 2, 3],
      [0, 2, 4, 6],
    ]);
    await putToRest(it, [[series('other'), [[NOW, 1]]]]);
    expect((await rowsOf(it)).blocks).toHaveLength(2);
    expect(await read(named('up'))).toEqual(before);
    await it.reopen();
    expect(await read(named('up'))).toEqual(before);
  });

  test('a day that is over becomes one block, again when late samples come', async () => {
    const ref = series('requests_total');
    await putToRest(
      it,
      [[ref, counter(YESTERDAY, 300)]],
      [[ref, counter(YESTERDAY + 300 * MINUTE, 900, 300)]],
    );
    const whole = await read(named('requests_total'));
    expect(whole[0]?.values).toEqual(Float64Array.from({ length: 1200 }, (_, i) => i));
    const rows = await rowsOf(it);
    expect(rows.blocks).toEqual([
      { start: BigInt(YESTERDAY), end: BigInt(YESTERDAY + 1199 * MINUTE), count: 1200 },
    ]);
    expect(rows.notes).toEqual([]);

    await putToRest(it, [
      [
        ref,
        [
          [YESTERDAY + 30_000, 0.5],
          [YESTERDAY + 1300 * MINUTE, 1300],
        ],
      ],
    ]);
    const after = await rowsOf(it);
    expect(after.blocks.map((b) => b.count)).toEqual([1202]);
    expect((await read(named('requests_total')))[0]?.values.slice(0, 3)).toEqual(Float64Array.of(0, 0.5, 1));
  });

  test('a day of very many samples stays in blocks of two hours, and is rolled up all the same', async () => {
    const [many, each] = [64, 17_000];
    const refs = Array.from({ length: many }, (_, i) => series('busy', { i: String(i) }));
    const old = YESTERDAY - 2 * DAY;
    for (const half of [0, 1]) {
      const timestamps = Float64Array.from(
        { length: many * each },
        (_, k) => old + ((k % each) * 2 + half) * 2500,
      );
      await it.store.appendMetrics({
        series: refs,
        offsets: Uint32Array.from({ length: many + 1 }, (_, i) => i * each),
        timestamps,
        values: timestamps.map((at) => (at - old) / 2500),
        metadata: [],
      });
      await it.store.compact();
    }
    await putToRest(it, [[series('other'), [[NOW, 1]]]]);
    const rows = await rowsOf(it);
    expect(rows.blocks).toHaveLength(13);
    expect(rows.blocks.reduce((sum, { count }) => sum + count, 0)).toBe(2 * many * each + 1);
    const one = named('busy', { name: 'i', op: '=', value: '7' });
    expect((await read(one))[0]?.values).toEqual(Float64Array.from({ length: 2 * each }, (_, i) => i));
    await it.reopen({ retentionMs: DAY });
    await expect.poll(async () => (await rowsOf(it)).blocks.length, { timeout: 30_000 }).toBe(1);
    const [sums] = await read(one, EVERYTHING, { func: 'count_over_time', rangeMs: HOUR, stepMs: HOUR });
    expect(sums?.timestamps).toHaveLength(2 * each);
  }, 60_000);

  test('where samples are too old, rollups stand in for them until they are too old as well', async () => {
    const ref = series('requests_total');
    const old = YESTERDAY - 10 * DAY;
    await putToRest(
      it,
      [[ref, counter(old, 1440, 1)]],
      [[ref, counter(YESTERDAY, 720, 5000)]],
      [[ref, counter(NOW - HOUR, 60, 6000)]],
    );
    await it.reopen({ retentionMs: 5 * DAY });
    await expect.poll(async () => (await rowsOf(it)).blocks.length, { timeout: 30_000 }).toBe(2);
    const range = { from: old, to: old + DAY };
    const hint = (func: string) => ({ func, rangeMs: HOUR, stepMs: HOUR });
    const [last] = await read(named('requests_total'), range, hint('last_over_time'));
    expect(last?.timestamps).toHaveLength(288);
    expect(last?.values.slice(0, 2)).toEqual(Float64Array.of(5, 10));
    const [sums] = await read(named('requests_total'), range, hint('sum_over_time'));
    expect(sums?.values[0]).toBe(1 + 2 + 3 + 4 + 5);
    const [counts] = await read(named('requests_total'), range, hint('count_over_time'));
    expect(counts?.timestamps).toHaveLength(1440);
    const [rate] = await read(named('requests_total'), { from: old, to: NOW }, hint('rate'));
    const values = rate?.values ?? new Float64Array();
    expect(values.at(-1)).toBe(6059);
    expect(values.every((value, i) => i === 0 || value >= (values[i - 1] ?? 0))).toBe(true);

    await it.reopen({ retentionMs: 5 * DAY, rollupRetentionMs: { fiveMinutes: 6 * DAY, oneHour: 20 * DAY } });
    await expect
      .poll(async () => (await rowsOf(it)).rollups.filter((r) => Number(r.end) < old + DAY), {
        timeout: 30_000,
      })
      .toMatchObject([{ resolution: 3_600_000 }]);
    expect(
      (await read(named('requests_total'), range, hint('last_over_time')))[0]?.values.slice(0, 3),
    ).toEqual(Float64Array.of(60, 60, 120));
    await it.reopen({ retentionMs: 5 * DAY, rollupRetentionMs: { fiveMinutes: 6 * DAY, oneHour: 7 * DAY } });
    await expect
      .poll(async () => (await read(named('requests_total'), range)).length, { timeout: 30_000 })
      .toBe(0);
    expect((await rowsOf(it)).groups).toBe(1);
  });

  test('deleting takes samples, rollups and exemplars of matching series, and nothing else', async () => {
    const refs = ['a', 'b'].map((job) => series('requests_total', { job }));
    const exemplar = (at: number) => ({ labels: [['trace_id', 'abc'] as const], value: 1, timestamp: at });
    for (const at of [YESTERDAY, NOW - HOUR]) {
      const batch = metricBatch(refs.map((ref): Row => [ref, counter(at, 60)]));
      await it.store.appendMetrics({
        ...batch,
        exemplars: [0, 1].map((i) => ({ series: i, exemplar: exemplar(at) })),
      });
    }
    await putToRest(it, [[series('other'), [[NOW, 1]]]]);
    const a = named('requests_total', { name: 'job', op: '=', value: 'a' });
    const counts = async () =>
      (await read(named('requests_total')))
        .map(({ labels, values }) => `${labels.at(-1)?.[1]} ${values.length}`)
        .sort();
    const exemplars = async () =>
      (await it.store.metrics.exemplars([named('requests_total')], EVERYTHING)).map(
        (found) => found.exemplars.length,
      );
    expect(await counts()).toEqual(['a 120', 'b 120']);
    expect(await exemplars()).toEqual([2, 2]);

    await it.store.deleteSeries([a], { from: YESTERDAY + 30 * MINUTE, to: YESTERDAY + DAY });
    expect(await counts()).toEqual(['a 90', 'b 120']);
    await it.store.deleteSeries([a], { from: 0, to: YESTERDAY + DAY });
    expect(await counts()).toEqual(['a 60', 'b 120']);
    expect(await exemplars()).toEqual([1, 2]);

    await it.store.deleteSeries([a], EVERYTHING);
    expect(await counts()).toEqual(['b 120']);
    await it.reopen();
    expect(await counts()).toEqual(['b 120']);
    expect(await it.store.metrics.labelValues('job', named('requests_total'), EVERYTHING)).toEqual(['b']);
    await it.store.appendMetrics(metricBatch([[series('requests_total', { job: 'a' }), [[NOW, 7]]]]));
    await it.store.compact();
    expect(await counts()).toEqual(['a 1', 'b 120']);
  });

  test('deleting from days whose samples are gone takes their rollups', async () => {
    const refs = ['a', 'b'].map((job) => series('requests_total', { job }));
    const old = YESTERDAY - 10 * DAY;
    await putToRest(
      it,
      refs.map((ref): Row => [ref, counter(old, 1440)]),
    );
    await it.reopen({ retentionMs: 5 * DAY });
    await expect.poll(async () => (await rowsOf(it)).blocks.length, { timeout: 30_000 }).toBe(0);
    const lengths = async () => (await read(named('requests_total'))).map((s) => s.timestamps.length);
    const before = await lengths();
    await it.store.deleteSeries([named('requests_total', { name: 'job', op: '=', value: 'b' })], {
      from: old,
      to: old + DAY / 2,
    });
    const [a, b = 0] = await lengths();
    expect(a).toBe(before[0]);
    expect(b).toBeLessThan((before[1] ?? 0) * 0.51);
    expect(b).toBeGreaterThan((before[1] ?? 0) * 0.49);
  });

  test('native histograms rest with their series', async () => {
    const ref = series('latency');
    const histogram = (count: number) => ({
      schema: 3,
      counterReset: 'unknown' as const,
      count,
      sum: count / 2,
      zeroThreshold: 1e-128,
      zeroCount: 0,
      positive: { spans: [{ offset: 2, length: 2 }], counts: Float64Array.of(count - 1, 1) },
      negative: { spans: [], counts: new Float64Array(0) },
      customValues: new Float64Array(0),
    });
    for (const n of [1, 2, 3]) {
      await it.store.appendMetrics({
        series: [ref],
        offsets: Uint32Array.of(0, 0),
        timestamps: new Float64Array(0),
        values: new Float64Array(0),
        metadata: [],
        histograms: [{ series: 0, timestamp: YESTERDAY + n * MINUTE, histogram: histogram(n) }],
      });
      await it.store.compact();
    }
    await putToRest(it, [[series('other'), [[NOW, 1]]]]);
    expect((await rowsOf(it)).blocks).toHaveLength(2);
    const [found] = await read(named('latency'));
    expect(found?.timestamps).toEqual(Float64Array.of(1, 2, 3).map((n) => YESTERDAY + n * MINUTE));
    expect(found?.histograms).toEqual([1, 2, 3].map(histogram));
  });
});
