import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { makeLabels } from '#lib/model/labels.ts';
import type { BlockSeries } from '../codec/metric-block.ts';
import { CHUNK_BLOCK_MS } from '../resting.ts';
import { clipSeries, cutIntoBlocks } from './block-rows.ts';
import { joinBlocks } from './join-blocks.ts';
import { neighbourOrder } from './neighbour-order.ts';

const ORDER = Uint8Array.of(2, 0, 1);

/** Ascending times of a few places, with values that say which part they are of. */
const part = (value: number) =>
  fc
    .uniqueArray(fc.nat(2), { minLength: 1 })
    .chain((places) =>
      fc.tuple(
        ...places.map((index) =>
          fc
            .uniqueArray(fc.nat(40), { minLength: 1, maxLength: 12 })
            .map((times) => ({ index, times: times.sort((a, b) => a - b) })),
        ),
      ),
    )
    .map((list) =>
      list.map(
        ({ index, times }): BlockSeries => ({
          index,
          timestamps: Float64Array.from(times),
          values: new Float64Array(times.length).fill(value),
        }),
      ),
    );

describe('joining blocks', () => {
  test('keeps each sample once, of two for one time the one written first', () => {
    fc.assert(
      fc.property(part(1), part(2), part(3), (...parts) => {
        const expected = new Map<number, Map<number, number>>();
        for (const series of parts.flat()) {
          const own = expected.get(series.index) ?? new Map<number, number>();
          expected.set(series.index, own);
          series.timestamps.forEach((at, i) => {
            if (!own.has(at)) own.set(at, series.values[i] as number);
          });
        }
        const joined = joinBlocks(parts, ORDER);
        expect(joined.map(({ index }) => index)).toEqual([...ORDER].filter((place) => expected.has(place)));
        for (const { index, timestamps, values } of joined) {
          const rows = [...(expected.get(index) ?? [])].sort(([a], [b]) => a - b);
          expect([...timestamps].map((at, i) => [at, values[i]])).toEqual(rows);
        }
      }),
    );
  });

  test('series that shared their times still do', () => {
    const times = [Float64Array.of(1, 2), Float64Array.of(3, 4)];
    const parts = times.map((timestamps) =>
      [0, 1].map((index): BlockSeries => ({ index, timestamps, values: Float64Array.of(index, 5) })),
    );
    const [a, b] = joinBlocks(parts, ORDER);
    expect(a?.timestamps).toEqual(Float64Array.of(1, 2, 3, 4));
    expect(b?.timestamps).toBe(a?.timestamps);
  });

  test('cutting gives each sample to its block', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: -100, max: 100 }), { minLength: 1 }), (quarters) => {
        const timestamps = Float64Array.from(
          quarters.sort((a, b) => a - b),
          (n) => (n * CHUNK_BLOCK_MS) / 4,
        );
        const blocks = cutIntoBlocks([{ index: 0, timestamps, values: timestamps }]);
        for (const [start, [series]] of blocks)
          expect(series).toEqual(clipSeries(series as BlockSeries, start, start + CHUNK_BLOCK_MS));
        expect([...blocks.values()].flatMap(([series]) => [...(series?.values ?? [])])).toEqual([
          ...timestamps,
        ]);
      }),
    );
  });
});

test('buckets of one histogram stand together, by their bound', () => {
  const sets = [
    ['b', '+Inf'],
    ['a', '10'],
    ['b', '2.5'],
    ['a', '+Inf'],
    ['b', '1e-3'],
    ['a', '2'],
  ].map(([job = '', le = '']) =>
    makeLabels([
      ['job', job],
      ['le', le],
    ]),
  );
  expect([...neighbourOrder(sets)]).toEqual([5, 1, 3, 4, 2, 0]);
});
