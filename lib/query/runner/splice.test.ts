import { expect, test } from 'vitest';
import { type NativeHistogram, NO_BUCKETS } from '#lib/model/native-histogram.ts';
import type { Samples } from '../promql/value.ts';
import { clip, joined } from './splice.ts';

const samples = (name: string, times: number[]): Samples => ({
  labels: [['l', name]],
  times: Float64Array.from(times),
  values: Float64Array.from(times, (t) => t + 0.5),
});

test('clip keeps both ends and drops series that end up empty', () => {
  const series = [samples('a', [1, 2, 3, 4]), samples('b', [1])];
  expect(clip(series, 2, 3).map(({ times }) => [...times])).toEqual([[2, 3]]);
  expect(clip(series, 0, 9)).toEqual(series);
});

test('pieces join by labels, in the order of labels', () => {
  const whole = joined([[samples('b', [1, 2])], [samples('a', [3]), samples('b', [3, 4])]]);
  expect(whole.map(({ labels, times }) => [labels[0]?.[1], [...times]])).toEqual([
    ['a', [3]],
    ['b', [1, 2, 3, 4]],
  ]);
  expect([...(whole[1]?.values ?? [])]).toEqual([1.5, 2.5, 3.5, 4.5]);
});

test('histograms keep their places beside floats', () => {
  const histogram: NativeHistogram = {
    schema: 0,
    counterReset: 'unknown',
    count: 1,
    sum: 1,
    zeroThreshold: 0,
    zeroCount: 1,
    positive: NO_BUCKETS,
    negative: NO_BUCKETS,
    customValues: new Float64Array(0),
  };
  const mixed = { ...samples('a', [3, 4]), histograms: [undefined, histogram] };
  const [whole] = joined([[samples('a', [1, 2])], [mixed]]);
  expect(whole?.histograms).toEqual([undefined, undefined, undefined, histogram]);
  expect(clip(whole ? [whole] : [], 4, 4)[0]?.histograms).toEqual([histogram]);
});
