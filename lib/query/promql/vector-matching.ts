import type { Labels } from '#lib/model/labels.ts';
import { labelsKey, labelValue, makeLabels } from '#lib/model/labels.ts';
import { both } from './arithmetic.ts';
import type { Binary } from './ast.ts';
import { COMPARISONS } from './ast.ts';
import type { Evaluation } from './evaluation.ts';
import { executionFault } from './fault.ts';
import { HistogramNotes } from './native/notes.ts';
import { operate } from './operation.ts';
import { groupBy, labelsText, pick } from './signature.ts';
import type { Column } from './value.ts';
import { anyPresent, floatColumn, mergeSameLabels, withoutName } from './value.ts';

/** Arithmetic or comparison of two vectors: series are paired by the labels that `on`/`ignoring` leave. */
export async function matchVectors(
  evaluation: Evaluation,
  expr: Binary,
  left: Column[],
  right: Column[],
): Promise<Column[]> {
  const { matching } = expr;
  const swapped = matching.cardinality === 'one-to-many';
  const many = swapped ? right : left;
  const one = swapped ? left : right;
  const fillMany = swapped ? matching.fillRight : matching.fillLeft;
  const fillOne = swapped ? matching.fillLeft : matching.fillRight;
  if ((many.length === 0 && fillMany === undefined) || (one.length === 0 && fillOne === undefined)) return [];
  const part = pick(matching.labels, matching.on);
  const oneGroups = await groupBy(evaluation, one, part);
  const oneSide = swapped ? 'left' : 'right';
  for (const group of oneGroups.values()) refuseDuplicates(group, many, oneSide);
  const labelsOf = resultLabels(expr);
  const dropsName = !COMPARISONS.has(expr.op) || expr.bool;
  const notes = new HistogramNotes(evaluation.annotations, expr.position);
  const result: Column[] = [];
  const isOne = matching.cardinality === 'one-to-one';
  const claims = new Map<string, Claim>();
  let severalClaims = false;
  const pairUp = (key: string, column: Column, partner: Column): void => {
    const present = both(column.present, partner.present);
    if (!anyPresent(present)) return;
    const [a, b] = swapped ? [partner, column] : [column, partner];
    const outcome = operate(expr, a, b, present, 'left', notes);
    if (!anyPresent(outcome.present)) return;
    evaluation.reserve(present.length);
    const labels = labelsOf(column.labels, partner.labels);
    const claimed = isOne ? key : `${key}\n${labelsKey(labels)}`;
    const earlier = claims.get(claimed);
    if (earlier) {
      severalClaims = true;
      claim(earlier, outcome.present, isOne);
    } else claims.set(claimed, { present: outcome.present, isOwn: false });
    result.push({ labels, ...outcome, dropName: dropsName || column.dropName });
  };
  const seen = new Map<string, Column[]>();
  for (const column of many) {
    const key = labelsKey(part(column.labels));
    const partners = oneGroups.get(key)?.items ?? [];
    for (const partner of partners) pairUp(key, column, partner);
    if (fillOne !== undefined) pairUp(key, column, filler(column, partners, part, fillOne));
    if (fillMany !== undefined) seen.set(key, [...(seen.get(key) ?? []), column]);
    if (evaluation.due()) await evaluation.pause();
  }
  if (fillMany !== undefined)
    for (const [key, { items }] of oneGroups)
      for (const partner of items) pairUp(key, filler(partner, seen.get(key) ?? [], part, fillMany), partner);
  // Paired one to one, results have the labels they were paired by: only within a group can they be the same.
  return isOne && !severalClaims ? result : mergeSameLabels(evaluation, result);
}

/** Stands in for the missing match of a series: a value at the steps where none of the others is. */
function filler(
  column: Column,
  others: readonly Column[],
  part: (labels: Labels) => Labels,
  value: number,
): Column {
  const present = column.present.slice();
  for (const other of others) for (let i = 0; i < present.length; i++) if (other.present[i]) present[i] = 0;
  return floatColumn(part(column.labels), new Float64Array(present.length).fill(value), present);
}

/** On the one side, no step may have two series of a group, provided the other side has any series at that step. */
function refuseDuplicates(
  group: { readonly labels: Labels; readonly items: readonly Column[] },
  other: readonly Column[],
  side: 'left' | 'right',
): void {
  if (group.items.length < 2) return;
  const owner = new Map<number, Column>();
  for (const column of group.items) {
    for (let i = 0; i < column.present.length; i++) {
      if (!column.present[i]) continue;
      const first = owner.get(i);
      if (!first) owner.set(i, column);
      else if (other.some((candidate) => candidate.present[i]))
        throw executionFault(
          `found duplicate series for the match group ${labelsText(group.labels)} on the ${side} hand-side of the operation: ` +
            `[${labelsText(column.labels)}, ${labelsText(first.labels)}];many-to-many matching not allowed: matching labels must be unique on one side`,
        );
    }
  }
}

/** Steps that results for one place have taken: a mask of its own once there are several. */
interface Claim {
  present: Uint8Array;
  isOwn: boolean;
}

/** Two results for one place and step break the query. */
function claim(earlier: Claim, present: Uint8Array, isOne: boolean): void {
  if (!earlier.isOwn) {
    earlier.present = earlier.present.slice();
    earlier.isOwn = true;
  }
  for (let i = 0; i < present.length; i++) {
    if (!present[i]) continue;
    if (earlier.present[i])
      throw executionFault(
        isOne
          ? 'multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)'
          : 'multiple matches for labels: grouping labels must ensure unique matches',
      );
    earlier.present[i] = 1;
  }
}

function resultLabels(expr: Binary): (many: Labels, one: Labels) => Labels {
  const { matching } = expr;
  const dropsName = !COMPARISONS.has(expr.op);
  const names = new Set(matching.labels);
  return (many, one) => {
    let labels = dropsName ? withoutName(many) : many;
    if (matching.cardinality === 'one-to-one')
      labels = labels.filter(([name]) => names.has(name) === matching.on);
    if (matching.include.length === 0) return labels;
    const copied = matching.include.map((name): [string, string] => [name, labelValue(one, name)]);
    return makeLabels([...labels, ...copied]);
  };
}
