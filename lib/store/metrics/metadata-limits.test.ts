import { expect, test } from 'vitest';
import type { MetricMetadata } from '#lib/model/metrics.ts';
import { newMetadata } from './metadata-limits.ts';

const of = (name: string, help = 'h'): MetricMetadata => ({ name, type: 'gauge', help, unit: '' });

test('what is known and unchanged is not stored again, also when its help is too long to be kept', () => {
  const long = of('b', 'x'.repeat(1_000_000));
  const first = newMetadata([of('a'), long], new Map());
  expect(first.metadata.map(({ name, help }) => [name, help.length])).toEqual([
    ['a', 1],
    ['b', 2048],
  ]);
  const known = new Map(first.metadata.map((m) => [m.name, m]));
  expect(newMetadata([of('a'), long], known)).toEqual({ metadata: [], left: 0 });
  expect(newMetadata([of('a', 'other')], known).metadata).toEqual([of('a', 'other')]);
});

test('a flood of names ends at a bound; what is known goes on', () => {
  const flood = Array.from({ length: 100_500 }, (_, i) => of(`m${i}`));
  const { metadata, left } = newMetadata(flood, new Map());
  expect([metadata.length, left]).toEqual([100_000, 500]);
  const known = new Map(metadata.map((m) => [m.name, m]));
  expect(newMetadata([of('m0', 'new'), of('one more')], known)).toEqual({
    metadata: [of('m0', 'new')],
    left: 1,
  });
});
