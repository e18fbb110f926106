import { describe, expect, test } from 'vitest';
import type { Matcher } from '#lib/model/metrics.ts';
import { seriesRef } from '#lib/model/metrics.ts';
import { compileMatcher } from './matcher.ts';
import { IDLE_MS, SeriesRegistry } from './registry.ts';

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
    expect([...filled().select(matchers.map(compileMatcher), 0, 1000)]).toEqual(slots);
  });

  test('a series counts from its first sample to its last', () => {
    const registry = filled();
    registry.sawTimes(1, 300, 400);
    expect([...registry.select([], 201, 299)]).toEqual([1]);
    expect([...registry.select([], 0, 99)]).toEqual([]);
    expect([...registry.select([], 200, 200)]).toEqual([0, 1, 2, 3]);
  });

  test('a ref keeps its slot; a ref that belongs to another store gets its own', () => {
    const registry = filled();
    const foreign = ref({ __name__: 'new' });
    foreign.handle = 0;
    expect(registry.resolve(foreign)).toBe(4);
    expect(registry.resolve(foreign)).toBe(4);
    expect(registry.resolve(ref({ __name__: 'new' }))).toBe(4);
  });

  test('series of one metric share groups of 64; a restored one keeps its place', () => {
    const registry = filled();
    expect([0, 1, 2, 3].map((slot) => registry.id(slot))).toEqual([64, 65, 128, 192]);
    for (let i = 0; i < 64; i++) registry.resolve(ref({ __name__: 'up', i: String(i) }));
    expect(registry.id(registry.resolve(ref({ __name__: 'up', i: '61' })))).toBe(127);
    expect(registry.id(registry.resolve(ref({ __name__: 'up', i: '62' })))).toBe(256);
    const other = new SeriesRegistry();
    const { labels } = ref({ __name__: 'up', job: 'later' });
    other.restore(70, labels, true);
    expect(other.id(other.resolve(seriesRef(labels)))).toBe(70);
    expect(other.takeFresh()).toEqual([]);
    expect(other.id(other.resolve(ref({ __name__: 'up' })))).toBe(128);
    expect(other.takeFresh()).toEqual([1]);
  });

  test('idle series make room; their group remembers when they lived; one that comes back is new', async () => {
    const registry = filled();
    registry.takeFresh();
    registry.clock = 10 * IDLE_MS;
    const web = ref({ __name__: 'up', job: 'web', pod: 'a-2' });
    registry.resolve(web);
    const groups: number[] = [];
    await registry.evict(
      IDLE_MS,
      (slot) => slot === 3,
      (group) => groups.push(group),
    );
    expect(groups).toEqual([1, 2]);
    expect(registry.size).toBe(2);
    expect([...registry.select([], 0, 1000)]).toEqual([1, 3]);
    expect(registry.postings.values('job').has('api')).toBe(false);
    expect(registry.groups.get(1)).toMatchObject({ first: 100, last: 200, active: 1 });
    const api = ref({ __name__: 'up', job: 'api', pod: 'a-1' });
    expect(registry.id(registry.resolve(api))).toBe(66);
    // Slots are given again only after the next time: a question under way may go by the old ones.
    expect(api.handle).toBe(4);
    await registry.evict(
      IDLE_MS,
      () => true,
      () => undefined,
    );
    expect(registry.resolve(ref({ __name__: 'next' }))).toBeLessThan(4);
    expect(registry.resolve(web)).toBe(1);
    expect(registry.distinct).toBe(true);
  });

  test('beyond the limit only series that are known are taken', () => {
    const registry = filled();
    registry.maxSeries = 4;
    expect(registry.resolve(ref({ __name__: 'one', more: 'x' }))).toBe(-1);
    expect(registry.resolve(ref({ __name__: 'down', job: 'api' }))).toBe(2);
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

test.each<[string, number, number, number[]]>([
  ['all of it', 100, 200, []],
  ['more than all of it', 0, 300, []],
  ['its beginning', 0, 150, [1]],
  ['its end', 150, 300, [0]],
  ['a part in between', 120, 180, [0, 1]],
  ['nothing of it', 300, 400, [0, 1]],
])('a series that lost %s is found where it has samples', (_, from, to, halves) => {
  const registry = new SeriesRegistry();
  const slot = registry.resolve(ref({ __name__: 'up' }));
  registry.sawTimes(slot, 100, 200);
  registry.forgetTimes(slot, from, to);
  const found = [
    [100, 119],
    [181, 200],
  ].flatMap(([start = 0, end = 0], half) => ([...registry.select([], start, end)].length > 0 ? [half] : []));
  expect(found).toEqual(halves);
});
