import { labelsKey } from '#lib/model/labels.ts';
import type { Matching } from './ast.ts';
import type { Pacer } from './pacer.ts';
import { groupBy, pick } from './signature.ts';
import type { Column } from './value.ts';
import { anyPresent, mergeSameLabels } from './value.ts';

/** and, or, unless: by step, a series counts only where it has a sample. */
export async function setOperation(
  pacer: Pacer,
  op: 'and' | 'or' | 'unless',
  left: Column[],
  right: Column[],
  matching: Matching,
): Promise<Column[]> {
  const part = pick(matching.labels, matching.on);
  const sides = op === 'or' ? { kept: right, judge: left } : { kept: left, judge: right };
  const masks = new Map<string, Uint8Array>();
  for (const [key, group] of await groupBy(pacer, sides.judge, part)) {
    masks.set(key, union(group.items));
    if (pacer.due()) await pacer.pause();
  }
  const result: Column[] = op === 'or' ? [...left] : [];
  for (const column of sides.kept) {
    const mask = masks.get(labelsKey(part(column.labels)));
    if (!mask) {
      if (op !== 'and') result.push(column);
      continue;
    }
    const present = column.present.slice();
    const wanted = op === 'and' ? 1 : 0;
    for (let i = 0; i < present.length; i++) if (mask[i] !== wanted) present[i] = 0;
    if (anyPresent(present)) result.push({ ...column, present });
    if (pacer.due()) await pacer.pause();
  }
  // Only a union brings series together that may have become the same.
  return op === 'or' ? mergeSameLabels(pacer, result) : result;
}

function union(columns: readonly Column[]): Uint8Array {
  const [first] = columns;
  const mask = first ? first.present.slice() : new Uint8Array(0);
  for (const { present } of columns) for (let i = 0; i < mask.length; i++) if (present[i]) mask[i] = 1;
  return mask;
}
