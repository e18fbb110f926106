import { describe, expect, test } from 'vitest';
import { isFault } from '#lib/model/fault.ts';
import { labelsObject } from '#lib/model/labels.ts';
import type { QueryOptions } from '#lib/query/promql/engine.ts';
import { instantQuery, rangeQuery } from '#lib/query/promql/engine.ts';
import { argumentCount, functionNames, functionSignature } from '#lib/query/promql/functions.ts';
import { MemoryReader } from './memory-reader.ts';

const MINUTE = 60_000;

/** `name{…}`: 0, 1, 2 … each minute from 0 to 60 min. */
function shop(): MemoryReader {
  const reader = new MemoryReader();
  const points = (factor: number) => Array.from({ length: 61 }, (_, i) => [i * MINUTE, i * factor] as const);
  for (const [job, instance, factor] of [
    ['api', 'a', 1],
    ['api', 'b', 2],
    ['web', 'a', 3],
  ] as const)
    reader.add(
      [
        ['__name__', 'hits_total'],
        ['job', job],
        ['instance', instance],
      ],
      points(factor),
    );
  reader.add(
    [
      ['__name__', 'owner_info'],
      ['job', 'api'],
      ['team', 'blue'],
    ],
    points(0).map(([t]) => [t, 1] as const),
  );
  return reader;
}

async function at(
  reader: MemoryReader,
  query: string,
  timeMs = 30 * MINUTE,
): Promise<Record<string, number>> {
  const { data } = await instantQuery(reader, query, { timeMs });
  if (data.type === 'scalar') return { scalar: data.value };
  if (data.type !== 'vector') throw new Error(`${query} is a ${data.type}`);
  return Object.fromEntries(
    data.elements.map(({ labels, value }) => [JSON.stringify(labelsObject(labels)), value]),
  );
}

async function faultOf(asked: Promise<unknown>): Promise<{ status: number; code: string; message: string }> {
  try {
    await asked;
  } catch (error) {
    if (isFault(error)) return error;
    throw error;
  }
  throw new Error('expected a fault');
}

const range = (
  reader: MemoryReader,
  query: string,
  options: Partial<QueryOptions & { startMs: number; endMs: number; stepMs: number }> = {},
) => rangeQuery(reader, query, { startMs: 0, endMs: 60 * MINUTE, stepMs: MINUTE, ...options });

describe('joins', () => {
  test('group_left copies labels of the one side and keeps the many', async () => {
    expect(await at(shop(), 'hits_total * on(job) group_left(team) owner_info')).toEqual({
      '{"instance":"a","job":"api","team":"blue"}': 30,
      '{"instance":"b","job":"api","team":"blue"}': 60,
    });
  });

  test.each([
    ['hits_total + on(job) owner_info', 'multiple matches for labels: many-to-one matching must be explicit'],
    [
      'owner_info + on(job) hits_total',
      'found duplicate series for the match group {job="api"} on the right hand-side',
    ],
    ['hits_total + on(job) group_left() hits_total', 'found duplicate series for the match group'],
    ['owner_info + on(job) group_right(instance) hits_total', 'grouping labels must ensure unique matches'],
    ['label_replace(hits_total, "instance", "same", "", "")', 'same labelset'],
    [
      'rate({job="api"}[5m]) + 0 or label_replace(rate({job="api"}[5m]), "instance", "", "", "")',
      'same labelset',
    ],
  ])('%s is refused', async (query, message) => {
    const fault = await faultOf(at(shop(), query));
    expect(fault).toMatchObject({ status: 422, code: 'execution' });
    expect(fault.message).toContain(message);
  });

  test('series that never meet at a step may share a label set', async () => {
    const reader = new MemoryReader()
      .add(
        [
          ['__name__', 'x'],
          ['pod', '1'],
        ],
        [[0, 1]],
      )
      .add(
        [
          ['__name__', 'x'],
          ['pod', '2'],
        ],
        [[10 * MINUTE, 2]],
      );
    const { data } = await range(reader, 'label_replace(x, "pod", "", "", "") + 0', {
      endMs: 10 * MINUTE,
      stepMs: 10 * MINUTE,
    });
    expect(data.series.map(({ labels, values }) => [labels, [...values]])).toEqual([[[], [1, 2]]]);
  });
});

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

describe('functions', () => {
  test.each(functionNames())('%s is known to the grammar and to the evaluator', async (name) => {
    const shape = functionSignature(name);
    if (!shape) throw new Error('no signature');
    const sample = { vector: 'hits_total', matrix: 'hits_total[5m]', scalar: '0.5', string: '"job"' };
    const { min } = argumentCount(shape);
    const args = shape.args
      .slice(0, Math.max(min, shape.optional < 0 ? min + 1 : min))
      .map((type) => sample[type]);
    const { data } = await instantQuery(shop(), `${name}(${args.join(', ')})`, { timeMs: 30 * MINUTE });
    expect(data.type).toBe(shape.returns);
  });

  test('topk keeps other series at other steps', async () => {
    const reader = new MemoryReader()
      .add(
        [
          ['__name__', 'x'],
          ['i', 'up'],
        ],
        [
          [0, 1],
          [MINUTE, 9],
        ],
      )
      .add(
        [
          ['__name__', 'x'],
          ['i', 'down'],
        ],
        [
          [0, 8],
          [MINUTE, 2],
        ],
      )
      .add(
        [
          ['__name__', 'x'],
          ['i', 'nan'],
        ],
        [
          [0, Number.NaN],
          [MINUTE, Number.NaN],
        ],
      );
    const { data } = await range(reader, 'topk(1, x)', { endMs: MINUTE });
    expect(data.series.map(({ labels, times }) => [labels[1]?.[1], [...times]])).toEqual([
      ['down', [0]],
      ['up', [MINUTE]],
    ]);
    expect(Object.keys(await at(reader, 'bottomk(3, x)', 0)).map((key) => JSON.parse(key).i)).toEqual([
      'up',
      'down',
      'nan',
    ]);
  });

  test('limit_ratio and its complement part the series', async () => {
    const reader = new MemoryReader();
    for (let i = 0; i < 500; i++)
      reader.add(
        [
          ['__name__', 'x'],
          ['i', `${i}`],
        ],
        [[0, i]],
      );
    const part = Object.keys(await at(reader, 'limit_ratio(0.3, x)', 0));
    const rest = Object.keys(await at(reader, 'limit_ratio(-0.7, x)', 0));
    expect(new Set([...part, ...rest]).size).toBe(500);
    expect(part.length + rest.length).toBe(500);
    expect(part.length).toBeGreaterThan(100);
    expect(part.length).toBeLessThan(200);
  });

  test('classic histograms: quantile and fraction undo each other', async () => {
    const reader = new MemoryReader();
    for (const [le, count] of [
      ['0.1', 10],
      ['0.5', 40],
      ['1.0', 70],
      ['1', 20],
      ['+Inf', 100],
    ] as const)
      reader.add(
        [
          ['__name__', 'h_bucket'],
          ['le', le],
        ],
        [[0, count]],
      );
    expect(await at(reader, 'histogram_quantile(0.25, h_bucket)', 0)).toEqual({ '{}': expect.closeTo(0.3) });
    expect(await at(reader, 'histogram_fraction(-Inf, 0.3, h_bucket)', 0)).toEqual({
      '{}': expect.closeTo(0.25),
    });
    expect(await at(reader, 'histogram_quantile(0.95, h_bucket)', 0)).toEqual({ '{}': 1 });
    const { infos } = await instantQuery(
      new MemoryReader()
        .add(
          [
            ['__name__', 'h_bucket'],
            ['le', '1'],
          ],
          [[0, 10]],
        )
        .add(
          [
            ['__name__', 'h_bucket'],
            ['le', '+Inf'],
          ],
          [[0, 9]],
        ),
      'histogram_quantile(0.5, h_bucket)',
      { timeMs: 0 },
    );
    expect(infos).toEqual([expect.stringContaining('fixed for monotonicity')]);
  });

  test('label_replace expands Go templates', async () => {
    const result = await at(
      shop(),
      `label_replace(owner_info, "out", "$1-\${two}-$$-$9", "team", "(b)(?P<two>l).*")`,
    );
    expect(result).toEqual({ '{"__name__":"owner_info","job":"api","out":"b-l-$-","team":"blue"}': 1 });
  });

  test('rate of what does not look like a counter is noted, with its place', async () => {
    const { infos } = await instantQuery(shop(), 'sum(rate(owner_info[5m]))', { timeMs: 30 * MINUTE });
    expect(infos).toEqual([
      'PromQL info: metric might not be a counter, name does not end in _total/_sum/_count/_bucket: "owner_info" (1:10)',
    ]);
  });

  test('labels from outside cannot reach prototypes', async () => {
    const reader = new MemoryReader().add(
      [
        ['__name__', 'x'],
        ['__proto__', 'p'],
        ['constructor', 'c'],
      ],
      [[0, 1]],
    );
    expect(await at(reader, 'sum by ("__proto__", "constructor") (x)', 0)).toEqual({
      '{"__proto__":"p","constructor":"c"}': 1,
    });
  });
});
