import type { Reduce } from './aggregate.ts';
import { REDUCTIONS } from './aggregate.ts';
import type { Aggregation, StringLiteral } from './ast.ts';
import { withoutParens } from './ast.ts';
import type { Evaluation } from './evaluation.ts';
import { executionFault } from './fault.ts';
import { formatGeneral } from './format-number.ts';
import { HistogramNotes } from './native/notes.ts';
import { histogramTotals } from './native/totals.ts';
import type { Pacer } from './pacer.ts';
import { countValues, extremes, firstSeries, share } from './rank.ts';
import { groupBy, pick } from './signature.ts';
import type { Column, Grid } from './value.ts';
import { anyPresent, floatColumn, floatsOnly, mergeSameLabels } from './value.ts';

/**
 * @param param the scalar parameter by step, for the operators that have one
 */
export async function aggregate(
  evaluation: Evaluation,
  expr: Aggregation,
  columns: Column[],
  param: Float64Array | undefined,
  grid: Grid,
): Promise<Column[]> {
  warnOfParam(evaluation, expr, param);
  const label = expr.op === 'count_values' ? labelName(evaluation, expr) : '';
  const grouping = label && expr.without ? [...expr.grouping, label] : expr.grouping;
  const groups = await groupBy(evaluation, columns, pick(grouping, !expr.without));
  const notes = new HistogramNotes(evaluation.annotations, expr.expr.position);
  const result: Column[] = [];
  const k = param ?? new Float64Array(grid.steps);
  for (const { labels, items } of groups.values()) {
    const reduce = REDUCTIONS.get(expr.op);
    const floats = TAKES_HISTOGRAMS.has(expr.op) ? items : withoutHistograms(items, expr.op, notes);
    if (reduce) {
      const isTotal = expr.op === 'sum' || expr.op === 'avg';
      const numbers = isTotal ? floatsOnly(items) : floats;
      const values = new Float64Array(grid.steps);
      const present = new Uint8Array(grid.steps);
      evaluation.reserve(grid.steps);
      const dropName = items.some((item) => item.dropName);
      const column = floatColumn(labels, values, present, dropName);
      if (numbers.length) await reduceInSlices(evaluation, reduce, numbers, column, param);
      const total =
        isTotal && numbers !== items
          ? await histogramTotals(evaluation, items, column, expr.op === 'avg', notes)
          : column;
      if (anyPresent(total.present)) result.push(total);
    } else {
      switch (expr.op) {
        case 'topk':
          result.push(...inOrder(await extremes(evaluation, floats, k, 1), evaluation, -1));
          break;
        case 'bottomk':
          result.push(...inOrder(await extremes(evaluation, floats, k, -1), evaluation, 1));
          break;
        case 'limitk':
          result.push(...firstSeries(items, k));
          break;
        case 'limit_ratio':
          result.push(...share(items, k));
          break;
        default:
          result.push(...(await countValues(evaluation, items, labels, label, grid.steps)));
      }
    }
    if (evaluation.due()) await evaluation.pause();
  }
  return expr.op === 'count_values' ? mergeCounts(evaluation, result) : result;
}

const TAKES_HISTOGRAMS: ReadonlySet<string> = new Set([
  'sum',
  'avg',
  'count',
  'group',
  'limitk',
  'limit_ratio',
  'count_values',
]);

function withoutHistograms(items: Column[], op: string, notes: HistogramNotes): Column[] {
  for (const { histograms, present } of items)
    if (histograms?.some((histogram, i) => histogram && present[i])) notes.ignoredIn(op);
  return floatsOnly(items);
}

/** Points reduced between two looks at the clock, a few milliseconds' worth. */
const SLICE_POINTS = 1_000_000;

/** Steps do not depend on each other, so a large group is reduced some steps at a time. */
async function reduceInSlices(
  evaluation: Evaluation,
  reduce: Reduce,
  items: readonly Column[],
  out: Column,
  param: Float64Array | undefined,
): Promise<void> {
  const steps = out.values.length;
  const width = Math.max(1, Math.floor(SLICE_POINTS / items.length));
  if (width >= steps) return reduce(items, out.values, out.present, param);
  for (let from = 0; from < steps; from += width) {
    const to = Math.min(steps, from + width);
    const slice = ({ labels, values, present }: Column): Column =>
      floatColumn(labels, values.subarray(from, to), present.subarray(from, to));
    const part = slice(out);
    reduce(items.map(slice), part.values, part.present, param?.subarray(from, to));
    if (evaluation.due()) await evaluation.pause();
  }
}

/** An instant answer lists the extremes in order, NaN last. */
function inOrder(columns: Column[], evaluation: Evaluation, sign: 1 | -1): Column[] {
  if (!evaluation.isInstant) return columns;
  const rank = (column: Column): number => {
    const value = column.values[0] ?? 0;
    return Number.isNaN(value) ? Number.POSITIVE_INFINITY : sign * value;
  };
  return columns.sort((a, b) => (rank(a) < rank(b) ? -1 : rank(a) > rank(b) ? 1 : 0));
}

function warnOfParam(evaluation: Evaluation, expr: Aggregation, param: Float64Array | undefined): void {
  if (!param || !expr.param) return;
  if (expr.op === 'quantile') for (const q of param) evaluation.annotations.quantile(q, expr.param.position);
  if (expr.op !== 'limit_ratio') return;
  for (const ratio of param) {
    if (Number.isNaN(ratio)) throw executionFault('Ratio value is NaN');
    if (Math.abs(ratio) > 1)
      evaluation.annotations.warn(
        `ratio value should be between -1 and 1, got ${formatGeneral(ratio)}, capping to ${Math.sign(ratio)}`,
        expr.param.position,
      );
  }
}

function labelName(evaluation: Evaluation, expr: Aggregation): string {
  const literal = expr.param && withoutParens(expr.param);
  if (literal?.kind !== 'string') throw executionFault('count_values needs a label name');
  if (!literal.isUtf8 || literal.value === '')
    throw executionFault(`invalid label name ${sourceOf(evaluation, literal)}`);
  return literal.value;
}

function sourceOf(evaluation: Evaluation, literal: StringLiteral): string {
  return evaluation.query.slice(literal.position.from, literal.position.to);
}

/** `by (job)` with the label `job` itself: groups that only differed in the overwritten label add up. */
async function mergeCounts(pacer: Pacer, columns: Column[]): Promise<Column[]> {
  const merged: Column[] = [];
  for (const { items } of (await groupBy(pacer, columns, (labels) => labels)).values()) {
    const [first, ...others] = items;
    if (!first) continue;
    for (const other of others) {
      for (let i = 0; i < first.present.length; i++) {
        if (!other.present[i]) continue;
        first.values[i] = (first.values[i] ?? 0) + (other.values[i] ?? 0);
        first.present[i] = 1;
      }
    }
    merged.push(first);
  }
  return mergeSameLabels(pacer, merged);
}
