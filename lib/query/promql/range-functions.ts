import { labelValue, METRIC_NAME } from '#lib/model/labels.ts';
import type { CallContext } from './call-context.ts';
import { extendedColumns } from './extended.ts';
import type { RateKind } from './extrapolation.ts';
import { executionFault } from './fault.ts';
import type { Matrix, WindowFunction } from './matrix.ts';
import { HistogramNotes } from './native/notes.ts';
import { mixedLastTwo } from './native/rate.ts';
import { mixedFunction } from './native/window-functions.ts';
import { OVER_TIME, quantileOverTime, slidingExtreme } from './over-time.ts';
import { lastTwo, rateColumns } from './rate.ts';
import { DERIV, doubleExponentialSmoothing, predictLinear } from './regression.ts';
import type { Column } from './value.ts';
import { overWindows } from './windows.ts';

const RATES = new Map<string, RateKind>([
  ['rate', { counter: true, perSecond: true }],
  ['increase', { counter: true, perSecond: false }],
  ['delta', { counter: false, perSecond: false }],
]);

const LAST_TWO = new Map<string, RateKind>([
  ['irate', { counter: true, perSecond: true }],
  ['idelta', { counter: false, perSecond: false }],
]);

const EXTREMES = new Map<string, 1 | -1>([
  ['min_over_time', -1],
  ['max_over_time', 1],
]);

const WITH_PARAMETERS = new Set(['quantile_over_time', 'predict_linear', 'double_exponential_smoothing']);
const KEEP_NAME = new Set(['last_over_time', 'first_over_time']);
const COUNTER_NAME = /(?:_total|_sum|_count|_bucket)$/;

export function isRangeFunction(name: string): boolean {
  return (
    RATES.has(name) ||
    LAST_TWO.has(name) ||
    OVER_TIME.has(name) ||
    EXTREMES.has(name) ||
    WITH_PARAMETERS.has(name) ||
    name === 'deriv'
  );
}

/** Every function whose main argument is a range vector, except `absent_over_time`. */
export async function rangeFunction(context: CallContext, name: string): Promise<Column[]> {
  const { evaluation, grid, expr } = context;
  const range = expr.args[name === 'quantile_over_time' ? 1 : 0];
  if (!range) throw executionFault(`${name}() lacks its range vector`);
  const matrix = await context.matrix(range);
  // Prometheus points at the first argument even where that is not the range.
  const notes = new HistogramNotes(evaluation.annotations, expr.args[0]?.position ?? range.position);
  const rate = RATES.get(name);
  const columns = matrix.extension
    ? await extendedColumns(evaluation, matrix, grid, name, rate)
    : rate
      ? await rateColumns(evaluation, matrix, grid, rate, notes)
      : await windowColumns(context, name, matrix, notes);
  if (rate?.counter) noteNonCounters(context, matrix);
  if (name === 'quantile_over_time' && columns.length) {
    const [q] = expr.args;
    if (q) for (const value of await context.scalar(q)) evaluation.annotations.quantile(value, q.position);
  }
  if (KEEP_NAME.has(name)) return columns;
  return columns.map((column) => ({ ...column, dropName: true }));
}

async function windowColumns(
  context: CallContext,
  name: string,
  matrix: Matrix,
  notes: HistogramNotes,
): Promise<Column[]> {
  const fn = await windowFunction(context, name);
  const pair = LAST_TWO.get(name);
  const mixed = pair
    ? mixedLastTwo(pair, notes, ({ floats }) => fn.apply(floats))
    : mixedFunction(name, fn, notes);
  return overWindows(context.evaluation, matrix, context.grid, fn, mixed);
}

async function windowFunction(context: CallContext, name: string): Promise<WindowFunction> {
  const scalarAt = async (index: number): Promise<Float64Array> => {
    const given = context.expr.args[index];
    if (!given) throw executionFault(`${name}() lacks argument ${index + 1}`);
    return context.scalar(given);
  };
  const apply = OVER_TIME.get(name);
  if (apply) return { minSamples: 1, apply };
  const sign = EXTREMES.get(name);
  if (sign) return slidingExtreme(sign);
  const pair = LAST_TWO.get(name);
  if (pair) return lastTwo(pair);
  switch (name) {
    case 'deriv':
      return DERIV;
    case 'predict_linear':
      return predictLinear(await scalarAt(1));
    case 'quantile_over_time':
      return quantileOverTime(await scalarAt(0));
    default:
      return doubleExponentialSmoothing(await scalarAt(1), await scalarAt(2));
  }
}

function noteNonCounters(context: CallContext, matrix: Matrix): void {
  const [range] = context.expr.args;
  if (!range) return;
  let last = '';
  for (const { labels, values, histograms, times } of matrix.series) {
    const name = labelValue(labels, METRIC_NAME);
    if (name === last || name === '' || COUNTER_NAME.test(name)) continue;
    if (times.length === 0 || (histograms && values.every((_, i) => histograms[i]))) continue;
    last = name;
    context.evaluation.annotations.info(
      `metric might not be a counter, name does not end in _total/_sum/_count/_bucket: ${JSON.stringify(name)}`,
      range.position,
    );
  }
}
