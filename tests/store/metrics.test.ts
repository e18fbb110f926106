import { expect, test } from 'vitest';
import { isStale, setStale, wordsOf } from '#lib/model/metrics.ts';
import type { Store } from '#lib/store/store.ts';
import { metricBatch, series } from '#lib/store/testing/telemetry.ts';
import { describeStore, HOUR, NOW, RANGE } from './harness.ts';

describeStore('metrics', (it) => {
  test('samples out of order are put in order, the first of two values for one time stays', async () => {
    const up = series('up');
    const at = NOW - HOUR;
    expect(
      await it.store.appendMetrics(
        metricBatch([
          [
            up,
            [
              [at, 1],
              [at + 20, 2],
              [at + 10, 3],
            ],
          ],
        ]),
      ),
    ).toEqual({ accepted: 3, rejected: [] });
    expect(
      await it.store.appendMetrics(
        metricBatch([
          [
            up,
            [
              [at + 10, 3],
              [at + 5, 4],
              [at + 20, 9],
            ],
          ],
        ]),
      ),
    ).toMatchObject({
      accepted: 2,
      rejected: [{ reason: 'duplicate-timestamp', count: 1 }],
    });
    const read = async () =>
      (await it.store.metrics.select([{ name: '__name__', op: '=', value: 'up' }], RANGE))[0];
    const expected = {
      timestamps: Float64Array.of(at, at + 5, at + 10, at + 20),
      values: Float64Array.of(1, 4, 3, 2),
    };
    expect(await read()).toMatchObject(expected);
    await it.store.compact();
    expect(await read()).toMatchObject(expected);
    // After compaction the head does not know of the first value; it stays all the same.
    await it.store.appendMetrics(
      metricBatch([
        [
          up,
          [
            [at + 10, 77],
            [at + 30, 5],
          ],
        ],
      ]),
    );
    const merged = {
      timestamps: Float64Array.of(at, at + 5, at + 10, at + 20, at + 30),
      values: Float64Array.of(1, 4, 3, 2, 5),
    };
    expect(await read()).toMatchObject(merged);
    await it.store.compact();
    expect(await read()).toMatchObject(merged);
  });

  test('staleness markers survive the log and compaction', async () => {
    const at = NOW - HOUR;
    const batch = metricBatch([
      [
        series('up'),
        [
          [at, 1],
          [at + 1, Number.NaN],
          [at + 2, Number.NaN],
        ],
      ],
    ]);
    setStale(wordsOf(batch.values), 2);
    await it.store.appendMetrics(batch);
    const stale = async () => {
      const [up] = await it.store.metrics.select([], RANGE);
      return up && [0, 1, 2].map((i) => isStale(wordsOf(up.values), i));
    };
    expect(await stale()).toEqual([false, false, true]);
    await it.reopen();
    expect(await stale()).toEqual([false, false, true]);
    await it.store.compact();
    expect(await stale()).toEqual([false, false, true]);
  });

  test('samples too old or ahead of the clock are named and left out', async () => {
    await it.reopen({ retentionMs: 2 * HOUR });
    const result = await it.store.appendMetrics(
      metricBatch([
        [
          series('up'),
          [
            [NOW - 3 * HOUR, 1],
            [NOW, 2],
            [NOW + 11 * 60_000, 3],
          ],
        ],
      ]),
    );
    expect(result).toMatchObject({
      accepted: 1,
      rejected: [
        { reason: 'too-old', count: 1 },
        { reason: 'in-the-future', count: 1 },
      ],
    });
    expect(result.rejected[0]?.message).toContain("'up' is 3h old; retention keeps 2h");
    expect(result.rejected[1]?.message).toContain('11m ahead of server clock');
    expect((await it.store.metrics.select([], RANGE))[0]?.values).toEqual(Float64Array.of(2));
  });

  test('matchers select as Prometheus does', async () => {
    const at = NOW - HOUR;
    await it.store.appendMetrics(
      metricBatch([
        [series('a', { job: 'x', code: '200' }), [[at, 1]]],
        [series('a', { job: 'y', code: '500' }), [[at, 2]]],
        [series('b'), [[at, 3]]],
      ]),
    );
    const values = async (...matchers: Parameters<Store['metrics']['select']>[0]) =>
      (await it.store.metrics.select(matchers, RANGE)).map((s) => s.values[0]);
    expect(await values({ name: 'code', op: '=~', value: '5..' })).toEqual([2]);
    expect(await values({ name: 'code', op: '!~', value: '5..' })).toEqual([1, 3]);
    expect(await values({ name: 'job', op: '=', value: '' })).toEqual([3]);
    expect(await values({ name: 'job', op: '!=', value: 'x' })).toEqual([2, 3]);
    expect(
      await values({ name: '__name__', op: '=~', value: 'a|b' }, { name: 'job', op: '=~', value: '.*' }),
    ).toEqual([1, 2, 3]);
    await expect(values({ name: 'job', op: '=~', value: '(' })).rejects.toMatchObject({
      status: 400,
      code: 'bad-regex',
    });
    expect(await it.store.metrics.labelValues('job', [], RANGE)).toEqual(['x', 'y']);
  });
});
