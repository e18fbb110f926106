import { describe, expect, test } from 'vitest';
import { instantQuery } from '#lib/query/promql/engine.ts';
import { argumentCount, functionNames, functionSignature } from '#lib/query/promql/functions.ts';
import { MemoryReader } from './memory-reader.ts';
import { at, MINUTE, range, shop } from './shop.ts';

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
