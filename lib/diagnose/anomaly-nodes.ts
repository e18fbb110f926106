import type { Trace } from '#lib/model/span.ts';
import { type Aspect, groupScore, RESOURCE_OF, type SeriesAnomaly } from './anomaly-series.ts';
import { timeShifts, traceTimes } from './anomaly-traces.ts';
import type { Resource } from './detector.ts';
import { median } from './statistics.ts';

/** Distance from usual, in usual spreads, from which a group of series counts: far beyond the ordinary of noisy series. */
export const MIN_SCORE = 4;
/** A rise below this factor is within what load and neighbours do. */
const MIN_RATIO = 1.4;
/** Slow calls to others are held against the others, by the metrics of the pair. */
const OUTGOING = /client|outgoing|upstream/i;
const RESOURCE_SCORE = 5;
const RESOURCE_RATIO = 2;

export interface Group {
  readonly service: string;
  readonly callee: string;
  readonly aspect: Aspect;
  /** latency of calls that the service makes, not of those that it answers */
  readonly outgoing: boolean;
  readonly score: number;
  readonly ratio: number;
  /** level now − usual level, in the metric's unit */
  readonly added: number;
  readonly usual: number;
  readonly onset: number;
  readonly instance: string;
}

/** One metric of one place often comes as several statistics (p50, p95, …): they are one witness. */
export function groupSeries(anomalies: readonly SeriesAnomaly[]): Group[] {
  const key = (a: SeriesAnomaly) => JSON.stringify([a.service, a.callee, a.instance, a.metric]);
  return [...Map.groupBy(anomalies, key).values()].flatMap((series) => {
    const [first] = series;
    if (!first) return [];
    // A fault in some requests moves the upper percentiles only: the statistic that left its range furthest tells how far.
    const clearest = series.reduce((a, b) => (b.score > a.score ? b : a));
    return [
      {
        service: first.service,
        callee: first.callee,
        aspect: first.aspect,
        outgoing: first.callee === '' && OUTGOING.test(first.metric),
        instance: first.instance,
        score: groupScore(series.map((a) => a.score)),
        ratio: clearest.ratio,
        added: clearest.level - clearest.usual,
        usual: median(series.map((a) => a.usual)) ?? 0,
        onset: Math.min(...series.map((a) => a.onset)),
      },
    ];
  });
}

const isRisen = (g: Group): boolean => g.score >= MIN_SCORE && g.ratio >= MIN_RATIO;

export interface Node {
  service: string;
  /** rise of what is served, s */
  served: number;
  /** rise of calls to it as their callers see it, s */
  called: number;
  score: number;
  failing: number;
  resource: { aspect: Aspect; score: number } | undefined;
  ownMs: number;
  gapMs: number;
  onset: number;
  instance: string;
}

export type Nodes = Map<string, Node>;

function nodeIn(nodes: Nodes, service: string): Node {
  const known = nodes.get(service);
  if (known) return known;
  const made: Node = {
    service,
    served: 0,
    called: 0,
    score: 0,
    failing: 0,
    resource: undefined,
    ownMs: 0,
    gapMs: 0,
    onset: Number.POSITIVE_INFINITY,
    instance: '',
  };
  nodes.set(service, made);
  return made;
}

export function nodesOf(groups: readonly Group[]): Nodes {
  const nodes: Nodes = new Map();
  for (const g of groups) {
    const subject = nodeIn(nodes, g.callee || g.service);
    if (g.aspect === 'latency' && g.outgoing) continue;
    if (g.aspect === 'latency' && isRisen(g)) {
      if (g.callee) subject.called = Math.max(subject.called, g.added);
      else subject.served = Math.max(subject.served, g.added);
      subject.score = Math.max(subject.score, g.score);
      subject.onset = Math.min(subject.onset, g.onset);
      subject.instance ||= g.instance;
    } else if (g.aspect === 'errors' && isRisen(g)) {
      subject.failing = Math.max(subject.failing, g.score);
      subject.onset = Math.min(subject.onset, g.onset);
    } else if (RESOURCE_OF[g.aspect] && g.score >= RESOURCE_SCORE && g.ratio >= RESOURCE_RATIO) {
      // Memory and traffic rise when a starved processor lets work pile up, not the other way round.
      const isNearer =
        subject.resource?.aspect !== 'cpu' &&
        (g.aspect === 'cpu' || g.score > (subject.resource?.score ?? 0));
      if (isNearer) subject.resource = { aspect: g.aspect, score: g.score };
      subject.instance ||= g.instance;
    }
  }
  return nodes;
}

/** Time added to a request by each service's own code, and by calls that their callee did not see, ms. */
export function addTraceTimes(nodes: Nodes, before: readonly Trace[], now: readonly Trace[]): number {
  if (before.length < 8 || now.length < 8) return 0;
  const [a, b] = [traceTimes(before), traceTimes(now)];
  const of = (service: string) => nodeIn(nodes, service);
  const significant = (s: { p: number; usualMs: number; nowMs: number }) =>
    s.p < 0.001 && s.nowMs >= 3 * s.usualMs;
  const own = timeShifts(a.own, b.own);
  for (const s of own.filter(significant)) of(s.key.split('\u0000')[0] ?? '').ownMs += s.addedMs / now.length;
  const gaps = timeShifts(a.gap, b.gap);
  const edges = gaps.map((s) => ({
    ...s,
    ends: JSON.parse(s.key) as [string, string],
    risen: significant(s),
  }));
  // A slow link belongs to the end that all slow links have in common.
  const touched = (service: string) => {
    const at = edges.filter((e) => e.ends.includes(service));
    return at.length === 0 ? 0 : at.filter((e) => e.risen).length / at.length;
  };
  for (const e of edges.filter((x) => x.risen)) {
    const [caller, callee] = e.ends;
    of(touched(caller) > touched(callee) ? caller : callee).gapMs += e.addedMs / now.length;
  }
  return own.length + gaps.length;
}

export function resourceOf(node: Node): Resource {
  if (node.resource?.aspect === 'cpu') return 'cpu';
  const slowInside = node.served > 0 || node.ownMs > 0.1 * node.gapMs;
  if (!slowInside && (node.called > 0 || node.gapMs > 0)) return 'network';
  if (node.resource) return RESOURCE_OF[node.resource.aspect] ?? 'code';
  return 'code';
}
