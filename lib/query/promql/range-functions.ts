import { labelValue, METRIC_NAME } from '#lib/model/labels.ts';
import type { CallContext } from './call-context.ts';
import { executionFault } from './fault.ts';
import { OVER_TIME, quantileOverTime, slidingExtreme } from './over-time.ts';
import type { RateKind } from './rate.ts';
import { lastTwo, rateColumns } from './rate.ts';
import { DERIV, doubleExponentialSmoothing, predictLinear } from './regression.ts';
import type { Column } from './value.ts';
import { refuseSameLabels, withoutName } from './value.ts';
import type { Matrix, WindowFunction } from './windows.ts';
import { overWindows } from './windows.ts';

const RATES = new Map<string, RateKind>([
  ['rate', { counter: true, perSecond: true }],
  ['increase', { counter: true, perSecond: false }],
  ['delta', { counter: false, perSecond: false }],
]);

const LAST_TWO = new Map<string, WindowFunction>([
  ['irate', lastTwo({ counter: true, perSecond: true })],
  ['idelta', lastTwo({ counter: false, perSecond: false })],
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
  const rate = RATES.get(name);
  const columns = rate
    ? await rateColumns(evaluation, matrix, grid, rate)
    : await overWindows(evaluation, matrix, grid, await windowFunction(context, name));
  if (rate?.counter) noteNonCounter(context, matrix, columns);
  if (name === 'quantile_over_time' && columns.length) {
    const [q] = expr.args;
    if (q) for (const value of await context.scalar(q)) evaluation.annotations.quantile(value, q.position);
  }
  if (KEEP_NAME.has(name)) return columns;
  return refuseSameLabels(columns.map((column) => ({ ...column, labels: withoutName(column.labels) })));
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
  if (pair) return pair;
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

function noteNonCounter(context: CallContext, matrix: Matrix, columns: readonly Column[]): void {
  const [series] = matrix.samples;
  const [range] = context.expr.args;
  if (!series || !range || columns.length === 0) return;
  const name = labelValue(series.labels, METRIC_NAME);
  if (name !== '' && !COUNTER_NAME.test(name))
    context.evaluation.annotations.info(
      `metric might not be a counter, name does not end in _total/_sum/_count/_bucket: ${JSON.stringify(name)}`,
      range.position,
    );
}
