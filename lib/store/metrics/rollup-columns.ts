import type { RollupColumns } from '../codec/rollup.ts';

/** @param parts of one series, in order of time, at least one */
export function concatRollups(parts: readonly RollupColumns[]): RollupColumns {
  const [first] = parts;
  if (first === undefined) throw new RangeError('no rollup to join');
  if (parts.length === 1) return first;
  const total = parts.reduce((sum, { timestamps }) => sum + timestamps.length, 0);
  return columnsOf(first.index, (name) => {
    const column = new Float64Array(total);
    let at = 0;
    for (const part of parts) {
      column.set(part[name], at);
      at += part[name].length;
    }
    return column;
  });
}

/** @param keeps asked for the time of each bucket's last sample */
export function keepBuckets(columns: RollupColumns, keeps: (at: number) => boolean): RollupColumns {
  const { index, timestamps } = columns;
  if (timestamps.every(keeps)) return columns;
  return columnsOf(index, (name) => columns[name].filter((_, i) => keeps(timestamps[i] as number)));
}

const columnsOf = (
  index: number,
  column: (name: Exclude<keyof RollupColumns, 'index'>) => Float64Array,
): RollupColumns => ({
  index,
  timestamps: column('timestamps'),
  count: column('count'),
  sum: column('sum'),
  min: column('min'),
  max: column('max'),
  last: column('last'),
  increase: column('increase'),
});
