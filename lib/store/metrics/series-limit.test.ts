import { expect, test } from 'vitest';
import { seriesRef } from '#lib/model/metrics.ts';
import { SeriesRegistry } from './registry.ts';
import { tooManySeries } from './series-limit.ts';

const ref = (labels: Record<string, string>) => seriesRef(Object.entries(labels));
const many = (metric: string, count: number, from = 0) =>
  Array.from({ length: count }, (_, i) =>
    ref({ __name__: metric, job: 'api', request_id: `r${from + i}`, shard: `${i % 3}` }),
  );

function registryWith(...series: ReturnType<typeof ref>[][]): SeriesRegistry {
  const registry = new SeriesRegistry();
  for (const one of series.flat()) registry.resolve(one);
  return registry;
}

test.each([
  [
    'who asks for more of what exploded before',
    registryWith(many('boom', 5000), many('calm', 10)),
    many('boom', 7, 5000),
    /^5010 series are active.*: 7 new ones are left out; 'boom' has 5000 of them and 7 of the new ones, and its label 'request_id' 5000 values: drop that label/,
  ],
  [
    'who is only hurt by what exploded elsewhere',
    registryWith(many('boom', 500)),
    [ref({ __name__: 'up', job: 'new' })],
    /'boom' has 500 of them, and its label 'request_id' 500 values/,
  ],
  [
    'one body that is too much by itself',
    registryWith(many('calm', 3)),
    many('boom', 900),
    /'boom' has 0 of them and 900 of the new ones, and its label 'request_id' 900 values/,
  ],
  [
    'names that explode, without labels',
    new SeriesRegistry(),
    [ref({ __name__: 'a' })],
    /'a' has 0 of them and 1 of the new ones: name fewer metrics/,
  ],
])('%s', (_, registry, refused, message) => {
  const rejection = tooManySeries(registry, refused, refused.length);
  expect(rejection).toMatchObject({ reason: 'series-limit', count: refused.length });
  expect(rejection.message).toMatch(message);
});
