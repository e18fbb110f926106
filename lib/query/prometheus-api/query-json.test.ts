import { describe, expect, test } from 'vitest';
import { type NativeHistogram, NO_BUCKETS } from '#lib/model/native-histogram.ts';
import { success } from './answer.ts';
import { queryJson } from './query-json.ts';

const text = (data: Parameters<typeof queryJson>[0]): string => [...queryJson(data)].join('');

const histogram: NativeHistogram = {
  schema: 0,
  counterReset: 'unknown',
  count: 12,
  sum: 18.4,
  zeroThreshold: 0.001,
  zeroCount: 2,
  positive: { spans: [{ offset: 0, length: 2 }], counts: Float64Array.from([4, 5]) },
  negative: { spans: [{ offset: 0, length: 1 }], counts: Float64Array.from([1]) },
  customValues: new Float64Array(0),
};
const HISTOGRAM =
  '{"count":"12","sum":"18.4","buckets":[[1,"-1","-0.5","1"],[3,"-0.001","0.001","2"],[0,"0.5","1","4"],[0,"1","2","5"]]}';

describe('as Prometheus writes', () => {
  test.each([
    [0, '0'],
    [-0, '-0'],
    [1.5, '1.5'],
    [1e-6, '0.000001'],
    [1e-7, '1e-07'],
    [123456789012345680000, '123456789012345680000'],
    [1e21, '1e+21'],
    [-1.25e-10, '-1.25e-10'],
    [Number.NaN, 'NaN'],
    [Number.POSITIVE_INFINITY, '+Inf'],
    [Number.NEGATIVE_INFINITY, '-Inf'],
    [0.1 + 0.2, '0.30000000000000004'],
  ])('the value %d', (value, written) => {
    expect(text({ type: 'scalar', timeMs: 5000, value })).toBe(
      `{"resultType":"scalar","result":[5,"${written}"]}`,
    );
  });

  test.each([
    [1_435_781_451_781, '1435781451.781'],
    [1_435_781_451_030, '1435781451.030'],
    [-1500, '-1.500'],
    [0, '0'],
  ])('the time %d', (timeMs, written) => {
    expect(text({ type: 'string', timeMs, value: 'a"b' })).toBe(
      `{"resultType":"string","result":[${written},"a\\"b"]}`,
    );
  });

  test('a histogram in a vector', () => {
    const elements = [{ labels: [['__proto__', 'x']] as const, value: Number.NaN, histogram }];
    expect(text({ type: 'vector', timeMs: 1000, elements })).toBe(
      `{"resultType":"vector","result":[{"metric":{"__proto__":"x"},"histogram":[1,${HISTOGRAM}]}]}`,
    );
    const empty = {
      ...histogram,
      count: 0,
      sum: 0,
      zeroCount: 0,
      positive: NO_BUCKETS,
      negative: NO_BUCKETS,
    };
    expect(
      text({ type: 'vector', timeMs: 0, elements: [{ labels: [], value: 0, histogram: empty }] }),
    ).toContain('"histogram":[0,{"count":"0","sum":"0"}]');
  });

  test('floats and histograms of one series apart, and series whose times differ', () => {
    const mixed = {
      labels: [],
      times: Float64Array.of(1000, 2000, 3000),
      values: Float64Array.of(1, Number.NaN, 3),
      histograms: [undefined, histogram, undefined],
    };
    const plain = { labels: [], times: Float64Array.of(1000, 2500), values: Float64Array.of(7, 8) };
    expect(text({ type: 'matrix', series: [plain, mixed, plain] })).toBe(
      `{"resultType":"matrix","result":[{"metric":{},"values":[[1,"7"],[2.500,"8"]]},` +
        `{"metric":{},"values":[[1,"1"],[3,"3"]],"histograms":[[2,${HISTOGRAM}]]},` +
        `{"metric":{},"values":[[1,"7"],[2.500,"8"]]}]}`,
    );
  });
});

test('warnings and infos stand beside the data, and only when there are some', async () => {
  expect(await success([1]).text()).toBe('{"status":"success","data":[1]}');
  expect(await success([1], { warnings: ['w'], infos: ['i'] }).text()).toBe(
    '{"status":"success","data":[1],"warnings":["w"],"infos":["i"]}',
  );
});
