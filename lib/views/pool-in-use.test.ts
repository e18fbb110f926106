import { expect, test } from 'vitest';
import type { SignalSeries } from '#lib/query/signals/read.ts';
import { derivePoolInUse } from './pool-in-use.ts';

function signal(
  role: SignalSeries['role'],
  timestamps: number[],
  values: number[],
  instance = 'a',
): SignalSeries {
  return {
    role,
    service: 'orders',
    instance,
    part: '',
    metric: 'm',
    labels: [],
    timestamps: Float64Array.from(timestamps),
    values: Float64Array.from(values),
  };
}

test('in use is open less idle, where both were scraped', () => {
  const derived = derivePoolInUse([
    signal('pool.size', [1, 2, 3], [10, 10, 10]),
    signal('pool.idle', [1, 3], [4, 0]),
  ]);
  expect(derived.map((s) => [s.role, [...s.timestamps], [...s.values]])).toEqual([
    ['pool.in_use', [1, 3], [6, 10]],
  ]);
});

test('a pool that tells it itself, or tells no idle connections, is left alone', () => {
  expect(
    derivePoolInUse([
      signal('pool.size', [1], [10]),
      signal('pool.idle', [1], [4]),
      signal('pool.in_use', [1], [7]),
    ]),
  ).toEqual([]);
  expect(derivePoolInUse([signal('pool.size', [1], [10]), signal('pool.idle', [1], [4], 'b')])).toEqual([]);
});
