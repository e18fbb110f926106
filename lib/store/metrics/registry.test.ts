import { describe, expect, test } from 'vitest';
import type { Matcher } from '#lib/model/metrics.ts';
import { seriesRef } from '#lib/model/metrics.ts';
import { compileMatcher } from './matcher.ts';
import { SeriesRegistry } from './registry.ts';

const ref = (labels: Record<string, string>) => seriesRef(Object.entries(labels));
const filled = (): SeriesRegistry => {
  const registry = new SeriesRegistry();
  const sets: Record<string, string>[] = [
    { __name__: 'up', job: 'api', pod: 'a-1' },
    { __name__: 'up', job: 'web', pod: 'a-2' },
    { __name__: 'down', job: 'api' },
    { __name__: 'constructor', __proto__x: 'y', job: 'line\nbreak' },
  ];
  for (const labels of sets) registry.sawTimes(registry.resolve(ref(labels)), 100, 200);
  return registry;
};

describe('series registry', () => {
  test.each<[string, Matcher[], number[]]>([
    ['nothing', [], [0, 1, 2, 3]],
    ['an equal name', [{ name: '__name__', op: '=', value: 'up' }], [0, 1]],
    [
      'two labels',
      [
        { name: '__name__', op: '=', value: 'up' },
        { name: 'job', op: '=', value: 'web' },
      ],
      [1],
    ],
    ['an unknown value', [{ name: 'job', op: '=', value: 'constructor' }], []],
    ['an unknown label', [{ name: 'toString', op: '=~', value: '.+' }], []],
    ['an absent label', [{ name: 'pod', op: '=', value: '' }], [2, 3]],
    ['a present label', [{ name: 'pod', op: '!=', value: '' }], [0, 1]],
    ['an expression, anchored', [{ name: 'pod', op: '=~', value: 'a' }], []],
    ['an expression', [{ name: 'pod', op: '=~', value: 'a-[12]' }], [0, 1]],
    ['alternatives', [{ name: 'job', op: '=~', value: 'api|web' }], [0, 1, 2]],
    ['alternatives with nothing', [{ name: 'pod', op: '=~', value: 'a-1|' }], [0, 2, 3]],
    ['a negated expression', [{ name: 'job', op: '!~', value: 'a.*' }], [1, 3]],
    ['a dot and a line break', [{ name: 'job', op: '=~', value: 'line.break' }], [3]],
    ['a precedence trap', [{ name: 'job', op: '=~', value: 'x|api|y.*' }], [0, 2]],
  ])('%s', (_, matchers, slots) => {
    expect(filled().select(matchers.map(compileMatcher), 0, 1000)).toEqual(slots);
  });

  test('a series counts from its first sample to its last', () => {
    const registry = filled();
    registry.sawTimes(1, 300, 400);
    expect(registry.select([], 201, 299)).toEqual([1]);
    expect(registry.select([], 0, 99)).toEqual([]);
    expect(registry.select([], 200, 200)).toEqual([0, 1, 2, 3]);
  });

  test('a ref keeps its slot; a ref that belongs to another store gets its own', () => {
    const registry = filled();
    const foreign = ref({ __name__: 'new' });
    foreign.handle = 0;
    expect(registry.resolve(foreign)).toBe(4);
    expect(registry.resolve(foreign)).toBe(4);
    expect(registry.resolve(ref({ __name__: 'new' }))).toBe(4);
  });

  test('ids come from the labels, and move on where one is taken', () => {
    const one = filled();
    const other = new SeriesRegistry();
    const down = ref({ __name__: 'down', job: 'api' });
    expect(other.id(other.resolve(down))).toBe(one.id(2));
    const taken = new SeriesRegistry();
    taken.restore(one.id(2), [['__name__', 'squatter']], 'squatter');
    expect(taken.id(taken.resolve(ref({ __name__: 'down', job: 'api' })))).toBe(one.id(2) + 1);
  });

  test('a malformed expression is the asker’s fault, and named', () => {
    expect(() => compileMatcher({ name: 'job', op: '=~', value: 'a(' })).toThrow(/label 'job'/);
  });

  test('an expression made to blow up takes no time', () => {
    const matcher = compileMatcher({ name: 'job', op: '=~', value: '(a+)+b' });
    const started = performance.now();
    expect(matcher.test('a'.repeat(5000))).toBe(false);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});
