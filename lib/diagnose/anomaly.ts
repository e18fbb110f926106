import { METRIC_NAME } from '#lib/model/labels.ts';
import type { SeriesData } from '#lib/model/metrics.ts';
import type { TimeRange } from '#lib/model/time-range.ts';
import type { ServiceGraph } from '#lib/query/graph.ts';
import type { Store } from '#lib/store/store.ts';
import { addTraceTimes, groupSeries, MIN_SCORE, type Node, nodesOf, resourceOf } from './anomaly-nodes.ts';
import { aspectOf, seriesAnomaly } from './anomaly-series.ts';
import type { Resource } from './detector.ts';
import { median } from './statistics.ts';

/** A service that left its usual range, whatever the mechanism: what is known when no detector names one. */
export interface ServiceAnomaly {
  readonly service: string;
  readonly resource: Resource;
  readonly instance: string;
  /** Higher is likelier to be the cause. */
  readonly score: number;
  readonly onset: number;
  /** What was seen, in words. */
  readonly reason: string;
}

export interface AnomalyReport {
  readonly causes: readonly ServiceAnomaly[];
  /** Series and calls that could be compared with their usual range. */
  readonly compared: number;
  /** Whether users feel something: the entry services' latency or failures left their usual range. */
  readonly symptom: boolean;
}

/** What users feel: smaller rises of the entry's latency pass unnoticed. */
const SYMPTOM_RATIO = 1.3;
const SYMPTOM_SCORE = 2;
/** A rise below this share of the entry's usual latency cannot be what users feel. */
const MIN_SHARE = 0.05;
/** A caller whose callee carries this share of its rise is a victim. */
const PASSED_ON = 0.3;
const VICTIM_WEIGHT = 0.25;
const MAX_TRACES = 400;
/** Scores from which a service is named: with a symptom at the entry, and without one. */
const MIN_CAUSE = 0.2;
const MIN_CAUSE_UNFELT = 1.25;
const BEYOND_DOUBT = 20;
const LOOK_BACK_MS = 1_800_000;

/** Callers and callees from traces and from metrics that have both ends as labels. */
function calleesOf(graph: ServiceGraph, series: readonly SeriesData[]): Map<string, Set<string>> {
  const callees = new Map<string, Set<string>>();
  const add = (from: string, to: string) => {
    if (from === '' || to === '' || from === to) return;
    const set = callees.get(from) ?? new Set();
    set.add(to);
    callees.set(from, set);
  };
  for (const edge of graph.edges) add(edge.from, edge.to);
  for (const { labels } of series) {
    const of = (name: string) => labels.find(([n]) => n === name)?.[1] ?? '';
    add(of('client'), of('server'));
  }
  return callees;
}

function reachable(from: readonly string[], callees: ReadonlyMap<string, ReadonlySet<string>>): Set<string> {
  const found = new Set(from);
  for (const name of found) for (const to of callees.get(name) ?? []) found.add(to);
  return found;
}

/** 0.6 … 2 for scores of 4 … 100: certainty of a rise counts as well as its size. */
const clarity = (score: number): number => Math.min(2, Math.log10(Math.max(score, MIN_SCORE)));

/** All series whose name tells an aspect, and those that tell who calls whom. */
async function fetchSeries(store: Store, range: TimeRange): Promise<SeriesData[]> {
  const names = (await store.metrics.labelValues(METRIC_NAME, [], range)).filter(
    (name) => !name.endsWith('_bucket') && aspectOf(name) !== undefined,
  );
  if (names.length === 0) return [];
  return store.metrics.select([{ name: METRIC_NAME, op: '=~', value: names.join('|') }], range);
}

/**
 * Ranks services by how far they left their usual range and how much of what users feel that explains. A caller whose
 * rise comes from a callee counts little (severity alone would blame the aggregator); a resource that rose with it
 * counts more. Names nothing when the entry services are as usual.
 * After BARO (Pham, Ha, Zhang, FSE 2024): median and interquartile range, made graph-aware.
 */
export async function rankAnomalies(
  store: Store,
  window: TimeRange,
  baseline: readonly TimeRange[],
  graph: ServiceGraph,
  symptomService: string | undefined,
): Promise<AnomalyReport> {
  const from = Math.min(window.from - LOOK_BACK_MS, ...baseline.map((r) => r.from));
  const series = await fetchSeries(store, { from, to: window.to });
  const anomalies = series.flatMap((s) => seriesAnomaly(s, window, baseline) ?? []);
  const groups = groupSeries(anomalies);
  const nodes = nodesOf(groups);
  const sample = async (range: TimeRange) =>
    store.traces.search({ range, order: 'recent', limit: MAX_TRACES });
  const before = (await Promise.all(baseline.map(sample))).flat().slice(0, MAX_TRACES);
  const compared = anomalies.length + addTraceTimes(nodes, before, await sample(window));
  const callees = calleesOf(graph, series);
  const called = new Set([...callees.values()].flatMap((set) => [...set]));
  const entries = symptomService ? [symptomService] : [...callees.keys()].filter((s) => !called.has(s));
  const atEntry = groups.filter((g) => entries.includes(g.service) && g.callee === '');
  const usual = median(atEntry.filter((g) => g.aspect === 'latency').map((g) => g.usual)) ?? 0;
  const symptom = atEntry.some(
    (g) =>
      (g.aspect === 'latency' || g.aspect === 'errors') &&
      g.score >= SYMPTOM_SCORE &&
      g.ratio >= SYMPTOM_RATIO,
  );
  const inReach = reachable(entries, callees);
  const rise = (n: Node | undefined) => (n ? Math.max(n.served, n.called, (n.ownMs + n.gapMs) / 1000) : 0);
  const causes = [...nodes.values()].flatMap((n): ServiceAnomaly[] => {
    const added = rise(n);
    const share = usual > 0 ? added / usual : added > 0 ? 1 : 0;
    const passedOn = Math.max(0, ...[...(callees.get(n.service) ?? [])].map((c) => rise(nodes.get(c))));
    const isVictim =
      passedOn >= PASSED_ON * added && n.resource?.aspect !== 'cpu' && n.ownMs < passedOn * 100;
    const effect = share >= MIN_SHARE ? Math.log1p(4 * Math.min(share, 20)) * clarity(n.score) : 0;
    const traced = usual > 0 ? Math.log1p((4 * (n.ownMs + n.gapMs)) / 1000 / usual) : 0;
    const pressed = n.resource ? Math.min(1.5, Math.log10(n.resource.score)) : 0;
    const failing = entries.includes(n.service) ? Math.min(0.5, n.failing / 20) : Math.min(1, n.failing / 20);
    const score =
      (effect + traced) * (isVictim ? VICTIM_WEIGHT : 1) +
      pressed * (effect + traced > 0 ? 1 : 0.5) +
      failing;
    // Without a symptom at the entry one kind of witness is not enough, unless callers see it beyond all doubt.
    const seen = [n.served > 0, n.called > 0, n.resource, n.ownMs > 0, n.gapMs > 0].filter(Boolean).length;
    const witnesses = seen + Number(n.called > 0 && n.score >= BEYOND_DOUBT);
    if (score < (symptom ? MIN_CAUSE : MIN_CAUSE_UNFELT) || (!symptom && witnesses < 2)) return [];
    const resource = resourceOf(n);
    return [
      {
        service: n.service,
        resource,
        instance: n.instance,
        score: score * (inReach.size <= 1 || inReach.has(n.service) ? 1 : 0.4),
        onset: Number.isFinite(n.onset) ? n.onset : window.from,
        reason: `\`${n.service}\` left its usual range (${resource}); about ${Math.round(added * 1000)} ms more per call`,
      },
    ];
  });
  return { causes: causes.sort((a, b) => b.score - a.score), compared, symptom };
}
