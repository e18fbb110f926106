import { expect, test } from 'vitest';
import { labelsKey } from '#lib/model/labels.ts';
import { isStale, setStale, wordsOf } from '#lib/model/metrics.ts';
import { encodeJson } from '#lib/store/codec/json.ts';
import { encodeChunk } from '#lib/store/convert/old-chunk.testing.ts';
import { encodeOldMetrics } from '#lib/store/convert/old-metric-batch.testing.ts';
import { openDatabase } from '#lib/store/database.ts';
import { makeRun, series } from '#lib/store/testing/telemetry.ts';
import { describeStore, HOUR, NOW, RANGE } from './harness.ts';

const T = NOW - 10 * HOUR;
const METRICS = 0;
const STATEMENTS = 2;

/** What the version before groups left: series by hash, a chunk for each, and a log with more of them. */
async function writeOldStore(place: Parameters<typeof openDatabase>[0]): Promise<void> {
  const db = openDatabase(place, 1);
  const ids = [9_000_000_000_001, 77, 4_000_000_000_000_000];
  const refs = ['a', 'b', 'c'].map((job) => series(job === 'c' ? 'down' : 'up', { job }));
  const chunk = (seriesId: number, seq: number, at: number, values: number[]) => {
    const columns = {
      timestamps: Float64Array.from(values, (_, i) => at + i * 15_000),
      values: Float64Array.from(values),
    };
    if (seq === 2) setStale(wordsOf(columns.values), values.length - 1);
    return {
      seriesId: BigInt(seriesId),
      start: BigInt(at),
      seq: BigInt(seq),
      end: BigInt(at + (values.length - 1) * 15_000),
      count: values.length,
      data: encodeChunk(columns),
    };
  };
  await db.series.createMany({
    data: [0, 1].map((i) => ({ id: BigInt(ids[i] ?? 0), labels: JSON.stringify(refs[i]?.labels) })),
  });
  await db.chunk.createMany({
    data: [
      chunk(ids[0] ?? 0, 1, T, [1, 2, 3]),
      chunk(ids[0] ?? 0, 2, T + 30_000, [77, 4, 5]),
      chunk(ids[1] ?? 0, 1, T - 30 * HOUR, [0.5]),
      // Of a compaction that did not get to its end.
      chunk(ids[1] ?? 0, 4, T, [666]),
    ],
  });
  await db.meta.createMany({
    data: [
      { key: 'compacted-to', value: '2' },
      { key: 'unfinished-compaction-after', value: '2' },
      { key: 'unmerged-blocks', value: JSON.stringify([T - (T % (2 * HOUR))]) },
      { key: 'arrived', value: JSON.stringify({ metrics: { count: 7, last: 5 } }) },
    ],
  });
  const batch = (defined: number[], samples: [number, number, number][]) =>
    encodeOldMetrics({
      ids: Float64Array.from(samples, ([i]) => ids[i] ?? 0),
      offsets: Uint32Array.from({ length: samples.length + 1 }, (_, i) => i),
      timestamps: Float64Array.from(samples, ([, at]) => at),
      values: Float64Array.from(samples, ([, , value]) => value),
      defined: defined.map((i) => ({
        id: ids[i] ?? 0,
        labels: refs[i]?.labels ?? [],
        key: labelsKey(refs[i]?.labels ?? []),
      })),
      metadata: [{ name: 'up', type: 'gauge', help: 'h', unit: '' }],
    });
  const row = (id: number, signal: number, data: Uint8Array<ArrayBuffer>) => ({
    id: BigInt(id),
    signal,
    receivedAt: BigInt(NOW),
    data,
  });
  await db.batch.createMany({
    data: [
      row(
        3,
        METRICS,
        batch(
          [2],
          [
            [0, T + HOUR, 6],
            [2, T + HOUR, 7],
          ],
        ),
      ),
      row(4, STATEMENTS, encodeJson({ runs: [makeRun({ at: T })], notices: [] })),
      row(
        5,
        METRICS,
        batch(
          [],
          [
            [1, T + HOUR, 8],
            [0, T, 999],
          ],
        ),
      ),
    ],
  });
  await db.$disconnect();
}

describeStore('a store of the version before groups', (it) => {
  test('is taken over whole, once', async () => {
    await it.store.close();
    await writeOldStore(it.place);
    it.store = await it.open();
    const check = async (): Promise<void> => {
      const found = await it.store.metrics.select([], { ...RANGE, from: 0 });
      const byJob = new Map(found.map((s) => [s.labels.at(-1)?.[1], s]));
      expect(byJob.size).toBe(3);
      const a = byJob.get('a');
      expect(a?.timestamps).toEqual(Float64Array.of(0, 15, 30, 45, 60, 3600).map((s) => T + s * 1000));
      expect(a?.values.slice(0, 4)).toEqual(Float64Array.of(1, 2, 3, 4));
      expect(a && isStale(wordsOf(a.values), 4)).toBe(true);
      expect(a?.values[5]).toBe(6);
      expect(byJob.get('b')?.values).toEqual(Float64Array.of(0.5, 8));
      expect(byJob.get('c')?.values).toEqual(Float64Array.of(7));
      expect(await it.store.metrics.metadata('up')).toHaveLength(1);
      expect(await it.store.statements.digests(RANGE)).toHaveLength(1);
      const { arrived } = await it.store.stats();
      expect(arrived).toMatchObject({ metrics: { count: 10 + 1 }, statements: { count: 1 } });
    };
    await check();
    await it.store.compact();
    await check();
    await it.reopen();
    await check();
    const db = openDatabase(it.place, 1);
    expect([await db.series.count(), await db.chunk.count()]).toEqual([0, 0]);
    await db.$disconnect();
  });
});
