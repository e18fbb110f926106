import { Sketch } from '#lib/model/sketch.ts';
import type { SpanBucket, SpanSeries } from '#lib/model/span-stats.ts';
import type { TimeRange } from '#lib/model/time-range.ts';
import type { PanelModel, PanelSeries } from './panel.ts';
import { type Steps, stepIndex, stepsForTraffic } from './steps.ts';

/** Calls, errors and durations of each step, over all the series given. */
export interface StepTotals {
  readonly steps: Steps;
  readonly calls: readonly number[];
  readonly errors: readonly number[];
  /** durations in ms; undefined where nothing was called */
  readonly durations: readonly (Sketch | undefined)[];
}

const CALLER_KINDS = new Set(['client', 'producer']);

/**
 * The series that say how a service answers: what it serves and consumes. Where it has neither (a batch job), its
 * internal work.
 */
export function entrySeries(series: readonly SpanSeries[]): SpanSeries[] {
  const entries = series.filter((s) => s.kind === 'server' || s.kind === 'consumer');
  return entries.length > 0 ? entries : series.filter((s) => !CALLER_KINDS.has(s.kind));
}

export function callBuckets(series: readonly SpanSeries[]): SpanBucket[] {
  return series.flatMap((s) => s.buckets);
}

export function totalsPerStep(series: readonly SpanSeries[], steps: Steps): StepTotals {
  const calls = new Array<number>(steps.count).fill(0);
  const errors = new Array<number>(steps.count).fill(0);
  const durations = new Array<Sketch | undefined>(steps.count).fill(undefined);
  for (const { buckets } of series) {
    for (const bucket of buckets) {
      const i = stepIndex(steps, bucket.at);
      if (i === undefined) continue;
      calls[i] = (calls[i] ?? 0) + bucket.calls;
      errors[i] = (errors[i] ?? 0) + bucket.errors;
      const sketch = durations[i] ?? new Sketch();
      durations[i] = sketch;
      sketch.merge(bucket.durations);
    }
  }
  return { steps, calls, errors, durations };
}

/** More digits than a chart can show would only make answers longer. */
export function fourDigits<T extends number | null>(value: T): T | number {
  return value === null ? value : Number(value.toPrecision(4));
}

export function rates(totals: StepTotals): (number | null)[] {
  return totals.calls.map((n) => (n === 0 ? null : fourDigits((n * 1000) / totals.steps.step)));
}

export function errorRatios(totals: StepTotals): (number | null)[] {
  return totals.calls.map((n, i) => (n === 0 ? null : fourDigits((totals.errors[i] ?? 0) / n)));
}

export function quantiles(totals: StepTotals, q: number): (number | null)[] {
  return totals.durations.map((sketch) => fourDigits(sketch?.quantile(q) ?? null));
}

const NO_SPANS = {
  reason: 'No traces of this service arrived in this time range.',
  action: { label: 'Connect traces', href: '/connect#traces' },
};

function frame(
  id: string,
  range: TimeRange,
  steps: Steps,
  series: readonly PanelSeries[],
): Omit<PanelModel, 'title' | 'description' | 'unit' | 'draw'> {
  const hasData = series.some((s) => s.values.some((value) => value !== null));
  return {
    id,
    range: { from: range.from, to: range.to },
    times: steps.times,
    series,
    seriesTotal: series.length,
    markers: [],
    thresholds: [],
    ...(hasData ? {} : { empty: NO_SPANS }),
  };
}

/** p50, p95 and p99 per step: sketches are merged per step first, so each is a true quantile of that step's calls. */
export function latencyPanel(series: readonly SpanSeries[], range: TimeRange, id = 'latency'): PanelModel {
  const steps = stepsForTraffic(range, callBuckets(series));
  const totals = totalsPerStep(series, steps);
  const line = (name: string, q: number): PanelSeries => ({ name, key: name, values: quantiles(totals, q) });
  return {
    ...frame(id, range, steps, [line('p50', 0.5), line('p95', 0.95), line('p99', 0.99)]),
    title: 'Latency',
    description:
      'How long requests took: half were faster than p50, 95 of 100 faster than p95, 99 of 100 faster than p99.',
    unit: 'ms',
    draw: 'line',
  };
}

const TOP_OPERATIONS = 7;

/** Requests per second, stacked by operation: the busiest ones, and all others as one. */
export function throughputPanel(
  series: readonly SpanSeries[],
  range: TimeRange,
  id = 'throughput',
): PanelModel {
  const steps = stepsForTraffic(range, callBuckets(series));
  const alive = totalsPerStep(series, steps).calls;
  const byOperation = new Map<string, SpanSeries[]>();
  for (const s of series) {
    const same = byOperation.get(s.operation);
    if (same) same.push(s);
    else byOperation.set(s.operation, [s]);
  }
  const ranked = [...byOperation]
    .map(([operation, of]) => ({ operation, calls: totalsPerStep(of, steps).calls }))
    .toSorted((a, b) => sum(b.calls) - sum(a.calls));
  // One too many for the list: it may as well stand under its own name.
  const top = ranked.length === TOP_OPERATIONS + 1 ? ranked : ranked.slice(0, TOP_OPERATIONS);
  const rest = ranked.slice(top.length);
  // While the service answers anything, an operation without calls has a rate of zero; otherwise nothing is known.
  const perSecond = (calls: readonly number[]) =>
    calls.map((n, i) => ((alive[i] ?? 0) === 0 ? null : fourDigits((n * 1000) / steps.step)));
  const lines: PanelSeries[] = top.map(({ operation, calls }) => ({
    name: operation || '(no name)',
    key: operation,
    values: perSecond(calls),
  }));
  if (rest.length > 0) {
    const calls = alive.map((_, i) => rest.reduce((total, of) => total + (of.calls[i] ?? 0), 0));
    lines.push({ name: `${rest.length} others`, key: 'other', values: perSecond(calls) });
  }
  return {
    ...frame(id, range, steps, lines),
    title: 'Throughput',
    description: 'Requests answered per second, by operation.',
    unit: 'per-second',
    draw: 'stacked',
  };
}

/** Share of requests that failed per step. */
export function errorsPanel(series: readonly SpanSeries[], range: TimeRange, id = 'errors'): PanelModel {
  const steps = stepsForTraffic(range, callBuckets(series));
  const values = errorRatios(totalsPerStep(series, steps));
  return {
    ...frame(id, range, steps, [{ name: 'failed', key: 'errors', values }]),
    title: 'Errors',
    description: 'Share of requests that ended in an error.',
    unit: 'ratio',
    draw: 'area',
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
