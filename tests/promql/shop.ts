import { isFault } from '#lib/model/fault.ts';
import { labelsObject } from '#lib/model/labels.ts';
import type { QueryOptions } from '#lib/query/promql/engine.ts';
import { instantQuery, rangeQuery } from '#lib/query/promql/engine.ts';
import { MemoryReader } from './memory-reader.ts';

export const MINUTE = 60_000;

/** `name{…}`: 0, 1, 2 … each minute from 0 to 60 min. */
export function shop(): MemoryReader {
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

export async function at(
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

export async function faultOf(
  asked: Promise<unknown>,
): Promise<{ status: number; code: string; message: string }> {
  try {
    await asked;
  } catch (error) {
    if (isFault(error)) return error;
    throw error;
  }
  throw new Error('expected a fault');
}

export const range = (
  reader: MemoryReader,
  query: string,
  options: Partial<QueryOptions & { startMs: number; endMs: number; stepMs: number }> = {},
) => rangeQuery(reader, query, { startMs: 0, endMs: 60 * MINUTE, stepMs: MINUTE, ...options });
