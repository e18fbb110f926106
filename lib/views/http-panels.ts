import { labelValue } from '#lib/model/labels.ts';
import type { TimeRange } from '#lib/model/time-range.ts';
import { bucketQuantile } from '#lib/query/signals/counters.ts';
import { mappingOf, type SignalSeries } from '#lib/query/signals/read.ts';
import type { Role } from '#lib/query/signals/role.ts';
import type { PanelModel } from '#lib/show/panel.ts';
import { foldSamples, stepForSamples } from '#lib/show/series-panel.ts';
import { fourDigits } from '#lib/show/span-panels.ts';
import { type Steps, stepIndex, stepsOf } from '#lib/show/steps.ts';

export const HTTP_ROLES: readonly Role[] = ['http.server.duration_bucket', 'http.server.duration_count'];

/** Status label under the names of OpenTelemetry (current, older), prom-client users and Micrometer. */
const STATUS_LABELS = ['http_response_status_code', 'http_status_code', 'status_code', 'status', 'code'];

/** Latency, throughput and errors of a service that sends HTTP histograms but no traces; none without samples. */
export function httpPanels(signals: readonly SignalSeries[], range: TimeRange): PanelModel[] {
  const counts = signals.filter((signal) => signal.role === 'http.server.duration_count');
  const buckets = signals.filter((signal) => signal.role === 'http.server.duration_bucket');
  const steps = stepsOf(range, stepForSamples(range, counts));
  const all = counts.map((signal) => growth(signal, steps));
  const failed = all.filter((_, i) => isServerError(counts[i]));
  const calls = total(all, steps);
  if (calls.every((n) => n === null)) return [];
  const errors = total(failed, steps);
  const frame = {
    range: { from: range.from, to: range.to },
    times: steps.times,
    seriesTotal: 1,
    markers: [],
    thresholds: [],
  };
  const rates = counts.map((signal) => foldSamples(signal, steps, 'rate'));
  const rate = total(rates, steps).map((n) => (n === null ? null : fourDigits(n)));
  const ratio = calls.map((n, i) => (n === null || n === 0 ? null : fourDigits((errors[i] ?? 0) / n)));
  return [
    {
      ...frame,
      id: 'latency',
      title: 'Latency',
      description: 'How long requests took, read from histogram buckets: true to the width of a bucket.',
      unit: 'ms',
      draw: 'line',
      series: quantileLines(buckets, steps),
      seriesTotal: 3,
    },
    {
      ...frame,
      id: 'throughput',
      title: 'Throughput',
      description: 'Requests answered per second.',
      unit: 'per-second',
      draw: 'area',
      series: [{ name: 'requests', key: 'requests', values: rate }],
    },
    {
      ...frame,
      id: 'errors',
      title: 'Errors',
      description: 'Share of requests answered with a status of 500 and above.',
      unit: 'ratio',
      draw: 'area',
      series: [{ name: 'failed', key: 'errors', values: ratio }],
    },
  ];
}

function isServerError(signal: SignalSeries | undefined): boolean {
  const name = STATUS_LABELS.find((label) => signal && labelValue(signal.labels, label) !== '');
  return name !== undefined && signal !== undefined && labelValue(signal.labels, name).startsWith('5');
}

/** What a counter grew by in each step, across resets; null where no two samples tell. */
function growth(signal: SignalSeries, steps: Steps): (number | null)[] {
  const grown = new Array<number | null>(steps.count).fill(null);
  for (let i = 1; i < signal.timestamps.length; i++) {
    const step = stepIndex(steps, signal.timestamps[i] ?? 0);
    const gap = (signal.timestamps[i] ?? 0) - (signal.timestamps[i - 1] ?? 0);
    // Across a hole in the data nothing tells when the growth happened.
    if (step === undefined || gap > 2 * steps.step) continue;
    const before = signal.values[i - 1] ?? 0;
    const after = signal.values[i] ?? 0;
    grown[step] = (grown[step] ?? 0) + (after >= before ? after - before : after);
  }
  return grown;
}

function total(grown: readonly (readonly (number | null)[])[], steps: Steps): (number | null)[] {
  return steps.times.map((_, i) => {
    const known = grown.map((of) => of[i] ?? null).filter((n) => n !== null);
    return known.length === 0 ? null : known.reduce((sum, n) => sum + n, 0);
  });
}

function quantileLines(buckets: readonly SignalSeries[], steps: Steps): PanelModel['series'] {
  const byBound = new Map<number, (number | null)[][]>();
  for (const signal of buckets) {
    const le = labelValue(signal.labels, 'le');
    const bound =
      le === '+Inf' ? Number.POSITIVE_INFINITY : Number(le) * (mappingOf(signal.labels)?.scale ?? 1);
    if (Number.isNaN(bound)) continue;
    const same = byBound.get(bound);
    if (same) same.push(growth(signal, steps));
    else byBound.set(bound, [growth(signal, steps)]);
  }
  const bounds = [...byBound]
    .map(([le, grown]) => ({ le, counts: total(grown, steps) }))
    .toSorted((a, b) => a.le - b.le);
  const line = (name: string, q: number) => ({
    name,
    key: name,
    values: steps.times.map((_, i) => {
      const seconds = bucketQuantile(
        q,
        bounds.map(({ le, counts }) => ({ le, count: counts[i] ?? 0 })),
      );
      return seconds === undefined ? null : fourDigits(seconds * 1000);
    }),
  });
  return [line('p50', 0.5), line('p95', 0.95), line('p99', 0.99)];
}
