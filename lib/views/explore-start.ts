import type { z } from 'zod';
import { isFault } from '#lib/model/fault.ts';
import type { MetricMetadata } from '#lib/model/metrics.ts';
import type { TimeRange } from '#lib/model/time-range.ts';
import { instantQuery } from '#lib/query/promql/engine.ts';
import { type ExploreStartModel, type Suggestion, starterQuery } from '#lib/show/explore-help.ts';
import { formatValue } from '#lib/show/format.ts';
import type { MetricReader } from '#lib/store/store.ts';
import { RangeParams, rangeOf, type View } from './view.ts';

/** Counters that are asked how busy they are. */
const CANDIDATES = 40;
const SHOWN = 4;
const LIMITS = { maxSamples: 200_000, timeoutMs: 500 };
/** For suggestions the last half hour tells enough. */
const LOOK_MS = 30 * 60_000;

/** What an empty Explore page offers: queries over what is stored, the busiest first. */
export const exploreStartView: View<z.infer<typeof RangeParams>, ExploreStartModel> = {
  name: 'explore-start',
  params: RangeParams,
  async run({ store, now }, params) {
    const range = rangeOf(params, now);
    const recent = { from: Math.max(range.from, range.to - LOOK_MS), to: range.to };
    const [names, metadata] = await Promise.all([
      store.metrics.labelValues('__name__', [], recent),
      store.metrics.metadata(),
    ]);
    const known = new Map(metadata.map((entry) => [entry.name, entry]));
    const suggestions = [
      ...health(names),
      ...(await busiest(store.metrics, names, known, recent)),
      ...quantiles(names, known),
      ...memory(names, known),
    ];
    return { suggestions, metrics: names.length };
  },
};

function health(names: readonly string[]): Suggestion[] {
  if (!names.includes('up')) return [];
  return [
    {
      title: 'Which targets answer',
      query: 'up',
      why: '1 where the last scrape succeeded, 0 where it failed',
    },
  ];
}

async function busiest(
  metrics: MetricReader,
  names: readonly string[],
  known: ReadonlyMap<string, MetricMetadata>,
  { to }: TimeRange,
): Promise<Suggestion[]> {
  const counters = names.filter(
    (name) =>
      known.get(name)?.type !== 'gauge' &&
      !/_(?:seconds|bytes|ms)_total$/.test(name) &&
      (name.endsWith('_total') ||
        /_(?:seconds|ms|duration)_count$/.test(name) ||
        known.get(name)?.type === 'counter'),
  );
  const began = performance.now();
  const rates: { name: string; rate: number }[] = [];
  for (const name of evenly(counters, CANDIDATES)) {
    if (performance.now() - began > LIMITS.timeoutMs) break;
    const rate = await rateOf(metrics, starterQuery({ name, type: 'counter' }), to);
    if (rate > 0) rates.push({ name, rate });
  }
  return rates
    .sort((a, b) => b.rate - a.rate)
    .slice(0, SHOWN)
    .map(({ name, rate }) => ({
      title: `${name}, per second`,
      query: starterQuery({ name, type: 'counter' }),
      why: [known.get(name)?.help, `${formatValue(rate, 'per-second')} now`].filter(Boolean).join(' · '),
    }));
}

/** At most `most` of them, from all over the list: names that begin alike belong together. */
function evenly(names: readonly string[], most: number): string[] {
  const every = Math.max(1, Math.ceil(names.length / most));
  return names.filter((_, i) => i % every === 0);
}

async function rateOf(metrics: MetricReader, query: string, timeMs: number): Promise<number> {
  try {
    const { data } = await instantQuery(metrics, query, { timeMs, limits: LIMITS });
    return data.type === 'vector' ? (data.elements[0]?.value ?? 0) : 0;
  } catch (error) {
    if (isFault(error)) return 0;
    throw error;
  }
}

function quantiles(names: readonly string[], known: ReadonlyMap<string, MetricMetadata>): Suggestion[] {
  const telling = (name: string) => (/http|request|duration/.test(name) ? 0 : 1);
  return names
    .filter((name) => name.endsWith('_bucket'))
    .toSorted((a, b) => telling(a) - telling(b))
    .slice(0, 2)
    .map((name) => {
      const family = name.slice(0, -'_bucket'.length);
      return {
        title: `${family}, 95th percentile`,
        query: starterQuery({ name, type: 'histogram' }),
        why: known.get(family)?.help || 'One of twenty observations was above it',
      };
    });
}

function memory(names: readonly string[], known: ReadonlyMap<string, MetricMetadata>): Suggestion[] {
  const found =
    names.find((name) => name === 'process_resident_memory_bytes') ??
    names.find((name) => /memory.*_bytes$/.test(name));
  if (!found) return [];
  return [{ title: 'Memory in use', query: found, why: known.get(found)?.help || 'By process' }];
}
