import { describe, expect, test } from 'vitest';
import type { NativeHistogram } from '#lib/model/native-histogram.ts';
import { instantQuery, rangeQuery } from '#lib/query/promql/engine.ts';
import { histogramText } from '#lib/query/promql/native/text.ts';
import { MemoryReader, type PointValue } from './memory-reader.ts';
import { MINUTE } from './shop.ts';
import { seriesLine } from './test-language.ts';

/** `text` is a line of the test language; its points are a minute apart. */
function readerOf(...lines: string[]): MemoryReader {
  const reader = new MemoryReader();
  for (const line of lines) {
    const { labels, points } = seriesLine(line);
    const kept: [number, PointValue][] = [];
    for (const [i, value] of points.entries()) if (value !== undefined) kept.push([i * MINUTE, value]);
    reader.add(labels, kept);
  }
  return reader;
}

const textOf = (value: number, histogram: NativeHistogram | undefined): string =>
  histogram ? histogramText(histogram) : String(value);

async function at(reader: MemoryReader, query: string, minute: number): Promise<string[]> {
  const { data, warnings, infos } = await instantQuery(reader, query, { timeMs: minute * MINUTE });
  if (data.type !== 'vector') throw new Error(`${query} is a ${data.type}`);
  return [...data.elements.map(({ value, histogram }) => textOf(value, histogram)), ...warnings, ...infos];
}

const growing = 'h {{count:1 sum:1 buckets:[1]}}+{{count:1 sum:2 buckets:[0 1]}}x10';

describe('native histograms through the engine', () => {
  test.each([
    ['h', ['{count:6, sum:11, (0.5,1]:1, (1,2]:5}']],
    ['increase(h[5m])', ['{count:5, sum:10, (1,2]:5}']],
    ['-h', ['{count:-6, sum:-11, (0.5,1]:-1, (1,2]:-5}']],
    ['2 * h', ['{count:12, sum:22, (0.5,1]:2, (1,2]:10}']],
    ['h / 2', ['{count:3, sum:5.5, (0.5,1]:0.5, (1,2]:2.5}']],
    ['h + h', ['{count:12, sum:22, (0.5,1]:2, (1,2]:10}']],
    ['h - h', ['{count:0, sum:0}']],
    ['h </ 1', ['{count:1, sum:0.7071067811865476, (0.5,1]:1}']],
    ['avg_over_time(h[2m])', ['{count:5.5, sum:10, (0.5,1]:1, (1,2]:4.5}']],
    ['histogram_count(h)', ['6']],
    ['histogram_avg(rate(h[5m]))', ['2']],
    ['count(h)', ['1']],
    ['h == h', ['{count:6, sum:11, (0.5,1]:1, (1,2]:5}']],
    ['h == bool h', ['1']],
    ['abs(h)', []],
    ['changes(h[5m])', ['4']],
    ['count_over_time(h[5m])', ['5']],
    ['timestamp(h)', ['300']],
    [
      'h + 1',
      ['PromQL info: incompatible sample types encountered for binary operator "+": histogram + float (1:1)'],
    ],
    ['max(h)', ['PromQL info: ignored histogram in max aggregation (1:5)']],
    ['max_over_time(h[5m])', []],
    [
      'topk(1, h) or limitk(1, h)',
      ['{count:6, sum:11, (0.5,1]:1, (1,2]:5}', 'PromQL info: ignored histogram in topk aggregation (1:9)'],
    ],
  ])('%s', async (query, expected) => {
    expect(await at(readerOf(growing), query, 5)).toEqual(expected);
  });

  test('sum of several series, with a mean beside it, and floats among them refused', async () => {
    const reader = readerOf(
      'h{i="1"} {{count:2 sum:4 buckets:[1 1]}}',
      'h{i="2"} {{schema:1 count:2 sum:2 buckets:[1 1]}}',
    );
    expect(await at(reader, 'sum(h)', 0)).toEqual(['{count:4, sum:6, (0.5,1]:2, (1,2]:2}']);
    expect(await at(reader, 'avg(h)', 0)).toEqual(['{count:2, sum:3, (0.5,1]:1, (1,2]:1}']);
    reader.add([['__name__', 'h']], [[0, 3]]);
    expect(await at(reader, 'sum(h)', 0)).toEqual([
      'PromQL warning: encountered a mix of histograms and floats for aggregation (1:5)',
    ]);
    expect(await at(reader, 'count(h)', 0)).toEqual(['3']);
  });

  test('staleness ends a series of histograms, and one window may not hold both kinds', async () => {
    const reader = readerOf('h 1 2 {{count:1}} {{count:2}} stale', 'x_total 5 6 7');
    const series = async (query: string) => {
      const { data } = await rangeQuery(reader, query, { startMs: 0, endMs: 6 * MINUTE, stepMs: MINUTE });
      return data.series.map(({ times, values, histograms }) =>
        Array.from(times, (time, i) => `${time / MINUTE}: ${textOf(values[i] ?? 0, histograms?.[i])}`),
      );
    };
    expect(await series('h')).toEqual([['0: 1', '1: 2', '2: {count:1, sum:0}', '3: {count:2, sum:0}']]);
    expect(await series('last_over_time(h[2m])')).toEqual([
      ['0: 1', '1: 2', '2: {count:1, sum:0}', '3: {count:2, sum:0}', '4: {count:2, sum:0}'],
    ]);
    expect(await series('delta(h[2m])')).toEqual([['1: 2', '3: {count:2, sum:0}']]);
    expect((await at(reader, 'rate(h[3m])', 3))[0]).toContain(
      'a mix of histograms and floats for metric name "h"',
    );
  });

  test('a matrix in an instant query carries its histograms', async () => {
    const { data } = await instantQuery(readerOf('h 1 {{count:2}} 3'), 'h[10m]', { timeMs: 5 * MINUTE });
    if (data.type !== 'matrix') throw new Error('no matrix');
    const [samples] = data.series;
    expect(samples?.histograms?.map((histogram) => histogram?.count)).toEqual([undefined, 2, undefined]);
    expect([samples?.values[0], samples?.values[2]]).toEqual([1, 3]);
  });

  test('custom buckets: quantiles as those of the classic histogram', async () => {
    const reader = readerOf(
      'n {{schema:-53 sum:9 count:10 custom_values:[1 2] buckets:[4 4 2]}}',
      'c_bucket{le="1"} 4',
      'c_bucket{le="2"} 8',
      'c_bucket{le="+Inf"} 10',
    );
    for (const q of [0.1, 0.5, 0.79, 0.95]) {
      const native = Number((await at(reader, `histogram_quantile(${q}, n)`, 0))[0]);
      const classic = Number((await at(reader, `histogram_quantile(${q}, c_bucket)`, 0))[0]);
      expect(native).toBeCloseTo(classic, 10);
    }
  });
});

describe('extended ranges', () => {
  const reader = readerOf('x_total 0 10 20 _ 40 5 15', 'gauge 1 2 _ 4');

  test.each([
    ['increase(x_total[150s] anchored)', 3, '20'],
    ['increase(x_total[90s] anchored)', 6, '15'],
    ['increase(x_total[3m] smoothed)', 3, '30'],
    ['rate(x_total[3m] smoothed)', 3, String(30 / 180)],
    ['resets(x_total[3m] anchored)', 6, '1'],
    ['changes(x_total[2m] anchored)', 2, '2'],
    ['gauge smoothed', 2, '3'],
    ['gauge smoothed', 4, '4'],
  ])('%s at minute %i', async (query, minute, expected) => {
    const { data } = await instantQuery(reader, query, { timeMs: minute * MINUTE });
    if (data.type !== 'vector') throw new Error('no vector');
    expect(data.elements.map(({ value }) => String(value))).toEqual([expected]);
  });
});

describe('fill and info', () => {
  const reader = readerOf(
    'a{i="1"} 1',
    'a{i="2"} 2',
    'b{i="2"} 20',
    'b{i="3"} 30',
    'up{job="api", instance="x"} 1',
    'up{job="web", instance="y"} 1',
    'target_info{job="api", instance="x", region="eu", version="2"} 1',
    'build_info{job="api", instance="x", rev="abc"} 1',
  );
  const labelled = async (query: string): Promise<string[]> => {
    const { data } = await instantQuery(reader, query, { timeMs: 0 });
    if (data.type !== 'vector') throw new Error('no vector');
    return data.elements
      .map(({ labels, value }) => `${labels.map(([k, v]) => `${k}=${v}`).join(' ')} ${value}`)
      .sort();
  };

  test.each([
    ['a + b', ['i=2 22']],
    ['a + fill(0) b', ['i=1 1', 'i=2 22', 'i=3 30']],
    ['a + fill_right(100) b', ['i=1 101', 'i=2 22']],
    ['a - fill_left(100) b', ['i=2 -18', 'i=3 70']],
    [
      'info(up)',
      ['__name__=up instance=x job=api region=eu version=2 1', '__name__=up instance=y job=web 1'],
    ],
    ['info(up, {region=~".+"})', ['__name__=up instance=x job=api region=eu 1']],
    [
      'info(up, {__name__="build_info"})',
      ['__name__=up instance=x job=api rev=abc 1', '__name__=up instance=y job=web 1'],
    ],
    ['info(up, {region="us"})', []],
  ])('%s', async (query, expected) => {
    expect(await labelled(query)).toEqual(expected);
  });
});
