import { labelValue, METRIC_NAME } from '#lib/model/labels.ts';
import type { SeriesRef } from '#lib/model/metrics.ts';
import type { Rejection } from '../store.ts';
import type { SeriesRegistry } from './registry.ts';

/** How many are looked through for the largest: a sender that explodes asks again at once. */
const METRICS_LOOKED_AT = 10_000;
const SERIES_LOOKED_AT = 2000;

/**
 * What to say of series that were refused because there are too many: which metric takes most of the room, or would,
 * and which of its labels explodes.
 */
export function tooManySeries(
  registry: SeriesRegistry,
  refused: readonly SeriesRef[],
  samples: number,
): Rejection {
  const { metric, active, wanted } = largestMetric(registry, refused);
  const { label, values } = largestLabel(registry, refused, metric);
  const more = wanted > 0 ? ` and ${wanted} of the new ones` : '';
  const advice = label === '' ? 'name fewer metrics' : 'drop that label';
  const culprit = label === '' ? '' : `, and its label '${label}' ${values} values`;
  return {
    reason: 'series-limit',
    message: `${registry.size} series are active, the most that are taken (CHOKEPOINT_MAX_SERIES): ${refused.length} new ones are left out; '${metric}' has ${active} of them${more}${culprit}: ${advice}, or raise the limit`,
    count: samples,
  };
}

function largestMetric(registry: SeriesRegistry, refused: readonly SeriesRef[]) {
  const wanted = new Map<string, number>();
  for (const { labels } of refused) {
    const metric = labelValue(labels, METRIC_NAME);
    wanted.set(metric, (wanted.get(metric) ?? 0) + 1);
  }
  const metrics = registry.postings.values(METRIC_NAME);
  let largest = { metric: '', active: 0, wanted: 0 };
  const consider = (metric: string, active: number): void => {
    const one = { metric, active, wanted: wanted.get(metric) ?? 0 };
    if (one.active + one.wanted > largest.active + largest.wanted) largest = one;
  };
  for (const metric of wanted.keys()) consider(metric, metrics.get(metric)?.slots.length ?? 0);
  let left = METRICS_LOOKED_AT;
  for (const [metric, { slots }] of metrics) {
    if (left-- <= 0) break;
    consider(metric, slots.length);
  }
  return largest;
}

/** The label of the metric with the most values, among those that its series have. */
function largestLabel(registry: SeriesRegistry, refused: readonly SeriesRef[], metric: string) {
  const values = new Map<string, Set<string>>();
  let left = SERIES_LOOKED_AT;
  const look = (labels: SeriesRef['labels']): void => {
    for (const [name, value] of labels) {
      if (name === METRIC_NAME) continue;
      const known = values.get(name);
      if (known === undefined) values.set(name, new Set([value]));
      else known.add(value);
    }
  };
  for (const { labels } of refused) {
    if (left-- <= 0) break;
    if (labelValue(labels, METRIC_NAME) === metric) look(labels);
  }
  for (const slot of registry.postings.values(METRIC_NAME).get(metric)?.slots ?? []) {
    if (left-- <= 0) break;
    look(registry.labels(slot));
  }
  let largest = { label: '', values: 0 };
  for (const [label, { size }] of values) if (size > largest.values) largest = { label, values: size };
  // Beyond what was looked at, values are counted over all metrics: that is known without a look at each series.
  const all = left > 0 ? 0 : registry.postings.values(largest.label).size;
  return { ...largest, values: Math.max(largest.values, all) };
}
