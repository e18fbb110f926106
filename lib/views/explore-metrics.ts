import { z } from 'zod';
import type { MetricLabelsModel, MetricRow, MetricsModel } from '#lib/show/explore-help.ts';
import { RangeParams, rangeOf, type View } from './view.ts';

const SearchParams = RangeParams.extend({ search: z.string().max(200).default('') });
const MOST_METRICS = 100;

/** Metrics by name, each word of the search somewhere in name or help; those whose name begins with it first. */
export const metricsView: View<z.infer<typeof SearchParams>, MetricsModel> = {
  name: 'metrics',
  params: SearchParams,
  async run({ store, now }, { search, ...ends }) {
    const range = rangeOf(ends, now);
    const [names, metadata] = await Promise.all([
      store.metrics.labelValues('__name__', [], range),
      store.metrics.metadata(),
    ]);
    const known = new Map(metadata.map((entry) => [entry.name, entry]));
    const words = search.toLowerCase().split(/\s+/).filter(Boolean);
    const found = names.map((name): MetricRow => {
      const family = name.replace(/_(?:bucket|count|sum|total)$/, '');
      const facts = known.get(name) ?? known.get(family);
      const type = facts?.type && facts.type !== 'unknown' ? facts.type : typeByName(name);
      return { name, type, help: facts?.help ?? '', unit: facts?.unit ?? '' };
    });
    const matching = found
      .filter(({ name, help }) => {
        const text = `${name} ${help}`.toLowerCase();
        return words.every((word) => text.includes(word));
      })
      .map((row) => ({ row, place: placeOf(row.name.toLowerCase(), words[0] ?? '') }))
      .sort((a, b) => a.place - b.place || (a.row.name < b.row.name ? -1 : 1));
    return { rows: matching.slice(0, MOST_METRICS).map(({ row }) => row), total: matching.length };
  },
};

function placeOf(name: string, word: string): number {
  const at = name.indexOf(word);
  return at < 0 ? 2 : at === 0 ? 0 : 1;
}

function typeByName(name: string): string {
  if (name.endsWith('_bucket')) return 'histogram';
  return /_(?:total|count|sum)$/.test(name) ? 'counter' : '';
}

const LabelParams = RangeParams.extend({ metric: z.string().min(1).max(500) });
const MOST_LABELS = 30;
const MOST_VALUES = 20;

/** The labels of one metric with some of their values; those with the fewest values first, as they group best. */
export const metricLabelsView: View<z.infer<typeof LabelParams>, MetricLabelsModel> = {
  name: 'metric-labels',
  params: LabelParams,
  async run({ store, now }, { metric, ...ends }) {
    const range = rangeOf(ends, now);
    const matchers = [{ name: '__name__', op: '=', value: metric }] as const;
    const names = (await store.metrics.labelNames(matchers, range)).filter((name) => name !== '__name__');
    const labels = await Promise.all(
      names.slice(0, MOST_LABELS).map(async (name) => {
        const values = await store.metrics.labelValues(name, matchers, range);
        return { name, total: values.length, values: values.slice(0, MOST_VALUES) };
      }),
    );
    return { metric, labels: labels.toSorted((a, b) => a.total - b.total) };
  },
};
