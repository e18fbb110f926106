import { makeLabels } from '#lib/model/labels.ts';
import type { NativeHistogram } from '#lib/model/native-histogram.ts';
import { absent, absentOverTime, scalarOfVector } from './absence.ts';
import { withoutParens } from './ast.ts';
import { bucketFraction, bucketQuantile } from './bucket.ts';
import { argument, type CallContext } from './call-context.ts';
import type { Evaluation } from './evaluation.ts';
import { executionFault } from './fault.ts';
import { formatGeneral } from './format-number.ts';
import { overHistograms, perHistogram } from './histogram.ts';
import { info } from './info.ts';
import { labelJoin, labelReplace, sortByLabel, sortByValue } from './label-functions.ts';
import { DATE_PARTS, MATH, maximum, minimum, roundTo } from './math.ts';
import { histogramFraction, histogramQuantile, histogramVariance } from './native/statistics.ts';
import { isRangeFunction, rangeFunction } from './range-functions.ts';
import { instantVector } from './select.ts';
import type { Column, Grid, Value } from './value.ts';
import { constant, floatColumn, floatsOnly, mergeSameLabels, timeAt } from './value.ts';

const vectorValue = (columns: Column[]): Value => ({ type: 'vector', columns });
const scalarValue = (values: Float64Array): Value => ({ type: 'scalar', values });

export async function callFunction(context: CallContext, name: string): Promise<Value> {
  const { evaluation, grid, expr } = context;
  const first = (): Promise<Column[]> => context.vector(argument(context, 0));
  const scalarAt = (index: number): Promise<Float64Array> => context.scalar(argument(context, index));
  const math = MATH.get(name);
  if (math) return vectorValue(await mapped(evaluation, await first(), math));
  const datePart = DATE_PARTS.get(name);
  if (datePart) return vectorValue(await mapped(evaluation, await timesOrFirst(context), datePart));
  if (isRangeFunction(name)) return vectorValue(await rangeFunction(context, name));
  switch (name) {
    case 'time':
      return scalarValue(evaluationTimes(grid));
    case 'pi':
      return scalarValue(constant(grid, Math.PI));
    case 'start':
      return scalarValue(constant(grid, evaluation.startMs / 1000));
    case 'end':
      return scalarValue(constant(grid, evaluation.endMs / 1000));
    case 'range':
      return scalarValue(constant(grid, (evaluation.endMs - evaluation.startMs) / 1000));
    case 'step':
      return scalarValue(constant(grid, evaluation.stepMs / 1000));
    case 'scalar':
      return scalarValue(await scalarOfVector(evaluation, await first(), grid));
    case 'vector':
      return vectorValue([allPresent(await scalarAt(0))]);
    case 'timestamp':
      return vectorValue(await timestamps(context));
    case 'absent':
      return vectorValue(await absent(evaluation, argument(context, 0), await first(), grid));
    case 'absent_over_time':
      return vectorValue(
        await absentOverTime(
          evaluation,
          argument(context, 0),
          await context.matrix(argument(context, 0)),
          grid,
        ),
      );
    case 'clamp':
      return vectorValue(await clamp(context, await first(), await scalarAt(1), await scalarAt(2)));
    case 'clamp_min':
      return vectorValue(await clamp(context, await first(), await scalarAt(1), undefined));
    case 'clamp_max':
      return vectorValue(await clamp(context, await first(), undefined, await scalarAt(1)));
    case 'round': {
      const to = expr.args.length > 1 ? await scalarAt(1) : constant(grid, 1);
      return vectorValue(await mapped(evaluation, await first(), (v, step) => roundTo(v, to[step] ?? 1)));
    }
    case 'sort':
    case 'sort_desc':
      return vectorValue(
        evaluation.isInstant
          ? await sortByValue(evaluation, floatsOnly(await first()), name === 'sort' ? 1 : -1)
          : await first(),
      );
    case 'sort_by_label':
    case 'sort_by_label_desc':
      return vectorValue(
        evaluation.isInstant
          ? await sortByLabel(
              evaluation,
              await first(),
              strings(context).slice(1),
              name === 'sort_by_label' ? 1 : -1,
            )
          : await first(),
      );
    case 'label_replace':
      return vectorValue(await labelReplace(evaluation, await first(), strings(context).slice(1)));
    case 'label_join':
      return vectorValue(await labelJoin(evaluation, await first(), strings(context).slice(1)));
    case 'histogram_quantile':
    case 'histogram_fraction':
    case 'histogram_quantiles':
      return vectorValue(await histogramFunction(context, name));
    case 'info':
      return vectorValue(await info(context));
    default: {
      const statistic = HISTOGRAM_NUMBERS.get(name);
      if (statistic) return vectorValue(await perHistogram(evaluation, await first(), statistic));
      throw executionFault(`function ${name}() is not implemented`);
    }
  }
}

const HISTOGRAM_NUMBERS: ReadonlyMap<string, (histogram: NativeHistogram) => number> = new Map([
  ['histogram_avg', ({ sum, count }) => sum / count],
  ['histogram_count', ({ count }) => count],
  ['histogram_sum', ({ sum }) => sum],
  ['histogram_stdvar', histogramVariance],
  ['histogram_stddev', (histogram) => Math.sqrt(histogramVariance(histogram))],
]);

/** Literal strings among the arguments, by position. */
function strings(context: CallContext): string[] {
  return context.expr.args.map((part) => {
    const literal = withoutParens(part);
    return literal.kind === 'string' ? literal.value : '';
  });
}

function evaluationTimes(grid: Grid): Float64Array {
  return Float64Array.from({ length: grid.steps }, (_, step) => timeAt(grid, step) / 1000);
}

function allPresent(values: Float64Array): Column {
  return floatColumn([], values, new Uint8Array(values.length).fill(1));
}

async function timesOrFirst(context: CallContext): Promise<Column[]> {
  const [given] = context.expr.args;
  return given ? context.vector(given) : [allPresent(evaluationTimes(context.grid))];
}

async function mapped(
  evaluation: Evaluation,
  columns: Column[],
  apply: (value: number, step: number) => number,
): Promise<Column[]> {
  const result: Column[] = [];
  for (const { labels, values, present } of floatsOnly(columns)) {
    evaluation.reserve(values.length);
    const out = new Float64Array(values.length);
    for (let i = 0; i < out.length; i++) out[i] = apply(values[i] ?? 0, i);
    result.push(floatColumn(labels, out, present, true));
    if (evaluation.due()) await evaluation.pause();
  }
  return result;
}

/** Bounds that cross leave nothing at that step. */
async function clamp(
  { evaluation, grid }: CallContext,
  columns: Column[],
  min: Float64Array | undefined,
  max: Float64Array | undefined,
): Promise<Column[]> {
  const low = min ?? constant(grid, Number.NEGATIVE_INFINITY);
  const high = max ?? constant(grid, Number.POSITIVE_INFINITY);
  const clamped = await mapped(evaluation, columns, (value, step) =>
    maximum(low[step] ?? 0, minimum(high[step] ?? 0, value)),
  );
  if (!low.some((value, step) => value > (high[step] ?? 0))) return clamped;
  return clamped.flatMap((column) => {
    const present = column.present.map((here, step) => ((low[step] ?? 0) > (high[step] ?? 0) ? 0 : here));
    return present.includes(1) ? [{ ...column, present }] : [];
  });
}

/** Of a selector: the samples' own times. Of anything else: the evaluation time. */
async function timestamps(context: CallContext): Promise<Column[]> {
  const { evaluation, grid } = context;
  const inner = withoutParens(argument(context, 0));
  const columns =
    inner.kind === 'selector' && !inner.extension
      ? await instantVector(evaluation, inner, grid, 'times')
      : (await context.vector(inner)).map(({ labels, present }) =>
          floatColumn(labels, evaluationTimes(grid), present),
        );
  return columns.map((column) => ({ ...column, dropName: true }));
}

async function histogramFunction(context: CallContext, name: string): Promise<Column[]> {
  const { evaluation, expr } = context;
  const [first] = [argument(context, 0).position];
  if (name === 'histogram_quantile') {
    const [given, vector] = [argument(context, 0), argument(context, 1)];
    const q = await context.scalar(given);
    for (const value of q) evaluation.annotations.quantile(value, given.position);
    const at = (step: number): number => q[step] ?? Number.NaN;
    return overHistograms(evaluation, await context.vector(vector), vector.position, first, {
      classic: (buckets, step) => bucketQuantile(at(step), buckets),
      native: (histogram, step) => histogramQuantile(at(step), histogram),
    });
  }
  if (name === 'histogram_fraction') {
    const lower = await context.scalar(argument(context, 0));
    const upper = await context.scalar(argument(context, 1));
    const vector = argument(context, 2);
    return overHistograms(evaluation, await context.vector(vector), vector.position, first, {
      classic: (buckets, step) =>
        bucketFraction(lower[step] ?? Number.NaN, upper[step] ?? Number.NaN, buckets),
      native: (histogram, step) =>
        histogramFraction(lower[step] ?? Number.NaN, upper[step] ?? Number.NaN, histogram),
    });
  }
  const vector = argument(context, 0);
  const columns = await context.vector(vector);
  const label = strings(context)[1] ?? '';
  const result: Column[] = [];
  for (const given of expr.args.slice(2)) {
    const q = (await context.scalar(given))[0] ?? Number.NaN;
    evaluation.annotations.quantile(q, given.position);
    const quantiles = await overHistograms(evaluation, columns, vector.position, first, {
      classic: (buckets) => bucketQuantile(q, buckets),
      native: (histogram) => histogramQuantile(q, histogram),
    });
    for (const column of quantiles)
      result.push({ ...column, labels: makeLabels([...column.labels, [label, openMetricsFloat(q)]]) });
  }
  return mergeSameLabels(evaluation, result);
}

/** `1.0`, not `1`: as OpenMetrics writes the bounds of buckets and quantiles. */
function openMetricsFloat(value: number): string {
  const text = formatGeneral(value);
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}
