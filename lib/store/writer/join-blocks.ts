import type { BlockSeries } from '../codec/metric-block.ts';
import { joinColumns, joinValues } from '../metrics/columns.ts';

const follows = (a: Float64Array, b: Float64Array): boolean => (a.at(-1) as number) < (b[0] as number);

/**
 * Joins blocks of one group.
 * @param parts first written first: theirs is the say where two hold the same timestamp
 * @param order places, as they shall stand in the joined block
 */
export function joinBlocks(parts: readonly (readonly BlockSeries[])[], order: Uint8Array): BlockSeries[] {
  const byPlace = new Map<number, BlockSeries[]>();
  for (const part of parts)
    for (const series of part) {
      const list = byPlace.get(series.index);
      if (list === undefined) byPlace.set(series.index, [series]);
      else list.push(series);
    }
  const joined: BlockSeries[] = [];
  let before: readonly BlockSeries[] = [];
  for (const place of order) {
    const list = byPlace.get(place);
    if (list === undefined) continue;
    const inTime = list.toSorted((a, b) => (a.timestamps[0] as number) - (b.timestamps[0] as number));
    if (
      !inTime.every(
        (part, i) => i === 0 || follows((inTime[i - 1] as BlockSeries).timestamps, part.timestamps),
      )
    ) {
      const columns = joinColumns(list);
      if (columns !== undefined) joined.push({ index: place, ...columns });
      before = [];
      continue;
    }
    const total = inTime.reduce((sum, { timestamps }) => sum + timestamps.length, 0);
    // Series that were scraped together keep sharing their times: the block stores those once.
    const shared = sameTimes(before, inTime) ? joined.at(-1)?.timestamps : undefined;
    const timestamps = shared ?? concat(inTime, total);
    joined.push(
      inTime.length === 1
        ? { ...(inTime[0] as BlockSeries), timestamps }
        : { index: place, timestamps, ...joinValues(inTime, total) },
    );
    before = inTime;
  }
  return joined;
}

const sameTimes = (a: readonly BlockSeries[], b: readonly BlockSeries[]): boolean =>
  a.length === b.length && a.every((part, i) => part.timestamps === b[i]?.timestamps);

function concat(parts: readonly BlockSeries[], total: number): Float64Array {
  if (parts.length === 1) return (parts[0] as BlockSeries).timestamps;
  const timestamps = new Float64Array(total);
  let at = 0;
  for (const part of parts) {
    timestamps.set(part.timestamps, at);
    at += part.timestamps.length;
  }
  return timestamps;
}
