import { labelValue, METRIC_NAME } from '#lib/model/labels.ts';
import type { SeriesRef } from '#lib/model/metrics.ts';
import type { Rejection } from '../store.ts';
import type { SeriesRegistry } from './registry.ts';

/** What to say of series that were refused because there are too many: which metric, and which of its labels explodes. */
export function tooManySeries(
  registry: SeriesRegistry,
  refused: readonly SeriesRef[],
  samples: number,
): Rejection {
  const counts = new Map<string, number>();
  for (const { labels } of refused) {
    const metric = labelValue(labels, METRIC_NAME);
    counts.set(metric, (counts.get(metric) ?? 0) + 1);
  }
  const [metric = ''] = [...counts].sort(([, a], [, b]) => b - a)[0] ?? [];
  const active = registry.postings.values(METRIC_NAME).get(metric)?.slots.length ?? 0;
  // Over all metrics, as that is known without a look at each series: senders that explode ask again and again.
  const [label = '', count = 0] =
    refused
      .filter(({ labels }) => labelValue(labels, METRIC_NAME) === metric)
      .flatMap(({ labels }) => labels)
      .map(([name]) => [name, registry.postings.values(name).size] as const)
      .sort(([, a], [, b]) => b - a)[0] ?? [];
  return {
    reason: 'series-limit',
    message: `${registry.size} series are active, the most that are taken (CHOKEPOINT_MAX_SERIES): ${refused.length} new ones are left out; '${metric}' has ${active} of them, and its label '${label}' ${count} values: drop that label, or raise the limit`,
    count: samples,
  };
}
