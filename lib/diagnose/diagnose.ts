import type { Cause, Diagnosis, Finding } from '#lib/model/finding.ts';
import type { TimeRange } from '#lib/model/time-range.ts';
import { downstream, type ServiceGraph } from '#lib/query/graph.ts';
import type { Store } from '#lib/store/store.ts';
import { rankAnomalies, type ServiceAnomaly } from './anomaly.ts';
import { baselineBefore, incidentTimes, ownBaselines } from './baseline.ts';
import type { Evidence } from './evidence.ts';
import { explain } from './explain.ts';
import { gather } from './gather.ts';
import { MAX_CAUSES, rankFindings, scoreOf } from './rank.ts';
import { DETECTORS } from './registry.ts';
import { type Detected, runDetectors } from './run.ts';
import { identityOfFinding, toFinding } from './to-finding.ts';

export interface DiagnosisRequest extends TimeRange {
  /** Where the symptom shows; findings elsewhere count when this service calls there. */
  readonly service?: string;
  readonly baselineFrom?: number;
  readonly baselineTo?: number;
}

/** A fault shorter than this drowns in a longer window, so long windows are also looked at in slices. */
const SLICE_MS = 300_000;
const MAX_SLICES = 12;
/** A window that ends this close to now is about now. */
const LIVE_MS = 60_000;
/** What showed no later than this before a live window's end is over. */
const FRESH_MS = 180_000;

function slicesOf(window: TimeRange): TimeRange[] {
  const length = window.to - window.from;
  if (length <= 2 * SLICE_MS) return [window];
  const n = Math.min(MAX_SLICES, Math.ceil(length / SLICE_MS));
  const slices = Array.from({ length: n }, (_, i) => ({
    from: window.from + (i * length) / n,
    to: window.from + ((i + 1) * length) / n,
  }));
  return [window, ...slices];
}

const overlaps = (finding: Finding, range: TimeRange): boolean =>
  finding.firstSeen <= range.to && finding.lastSeen >= range.from;

/** Detected problems as findings: those already in the store keep their identity, and those only in the store are kept. */
function merge(
  detected: readonly Detected[],
  stored: readonly Finding[],
  window: TimeRange,
  live: boolean,
): Finding[] {
  const known = new Map<string, Finding>();
  for (const finding of [...stored].sort((a, b) => a.firstSeen - b.firstSeen)) {
    const detector = DETECTORS.find((d) => d.id === finding.detector);
    if (detector && overlaps(finding, window))
      known.set(identityOfFinding(finding, detector.identity), finding);
  }
  const fresh = detected.map((d) => {
    const before = known.get(d.identity);
    const finding = toFinding(d, Math.max(d.window.to, before?.lastSeen ?? 0), before);
    const isNow = live && d.window.to >= window.to - FRESH_MS;
    return { ...finding, state: before?.state ?? (isNow ? ('open' as const) : ('resolved' as const)) };
  });
  const seen = new Set(fresh.map((f) => f.id));
  return [...fresh, ...[...known.values()].filter((f) => !seen.has(f.id))];
}

/** Findings in or below the service that shows the symptom. */
function concerning(
  findings: readonly Finding[],
  service: string | undefined,
  graph: ServiceGraph,
): Finding[] {
  if (service === undefined || service === '') return [...findings];
  const reach = new Set(downstream(graph, service));
  return findings.filter((f) => reach.has(f.subject.service ?? '') || f.subject.service === undefined);
}

const hasData = (evidence: Evidence): boolean =>
  evidence.spans.some((s) =>
    s.buckets.some((b) => b.at >= evidence.window.from && b.at <= evidence.window.to),
  ) ||
  evidence.digests.length > 0 ||
  evidence.signals.length > 0;

function reasonsForCalm(
  evidence: Evidence,
  compared: number,
  findings: readonly Finding[],
  unknown: readonly string[],
): string[] {
  const advice = findings.filter((f) => f.severity === 'info').length;
  const over = findings.length - advice;
  const looked = [
    `${evidence.spans.length} operations`,
    `${evidence.digests.length} statements`,
    `${evidence.requests.length} sampled requests`,
    `${Math.max(compared, evidence.signals.length)} series`,
  ];
  return [
    `Nothing left its usual range; looked at ${looked.join(', ')}.`,
    ...(advice > 0
      ? [`${advice} ${advice === 1 ? 'piece' : 'pieces'} of advice, none of which limits the system now.`]
      : []),
    ...(over > 0 ? [`${over} earlier ${over === 1 ? 'finding is' : 'findings are'} resolved.`] : []),
    ...unknown,
  ];
}

/** A score of 2 is a clear case; none is certain without a mechanism. */
const anomalyConfidence = (score: number): number => 0.8 * (1 - Math.exp(-score / 2));

function causeOf(anomaly: ServiceAnomaly): Omit<Cause, 'rank'> {
  const { service, resource, instance, score, onset } = anomaly;
  return {
    service,
    resource,
    ...(instance ? { instance } : {}),
    score,
    confidence: anomalyConfidence(score),
    onset,
    findings: [],
  };
}

/** Findings name the mechanism and go first; without any, services that left their usual range are named. */
async function conclude(
  store: Store,
  request: DiagnosisRequest,
  evidence: Evidence,
  findings: readonly Finding[],
  unknown: readonly string[],
  live: boolean,
): Promise<Omit<Diagnosis, 'findings'>> {
  const number = (causes: readonly Omit<Cause, 'rank'>[]): Cause[] =>
    causes.slice(0, MAX_CAUSES).map((cause, i) => ({ rank: i + 1, ...cause }));
  // Asked about now, what is over does not limit the system any more.
  const relevant = live ? findings.filter((f) => f.state === 'open') : findings;
  const named = number(rankFindings(relevant));
  if (named.length > 0) {
    const ids = new Set(named.flatMap((c) => c.findings));
    return {
      verdict: 'bottleneck',
      reasons: findings.filter((f) => ids.has(f.id)).map((f) => f.summary),
      causes: named,
    };
  }
  const { window, baseline, graph } = evidence;
  const { causes, compared } = await rankAnomalies(store, window, baseline, graph, request.service);
  if (causes.length > 0) {
    const reasons = causes.slice(0, MAX_CAUSES).map((c) => c.reason);
    return { verdict: 'bottleneck', reasons, causes: number(causes.map(causeOf)) };
  }
  if (!hasData(evidence) && compared === 0)
    return {
      verdict: 'insufficient-data',
      reasons: [
        'No traces, statements or known metrics arrived in this time. Connect a source, or choose another time.',
      ],
      causes: [],
    };
  return { verdict: 'healthy', reasons: reasonsForCalm(evidence, compared, findings, unknown), causes: [] };
}

/** What limits the system in a window, what proves it; for any past window. New findings are stored so that links to them work. */
export async function diagnose(
  store: Store,
  request: DiagnosisRequest,
  now = Date.now(),
): Promise<Diagnosis> {
  const window = { from: request.from, to: request.to };
  const live = window.to >= now - LIVE_MS;
  const stored = await store.findings.list({ range: { from: window.from - 10_800_000, to: window.to } });
  const chosen =
    request.baselineFrom !== undefined && request.baselineTo !== undefined
      ? [{ from: request.baselineFrom, to: Math.min(request.baselineTo, window.from) }]
      : undefined;
  const baseline = chosen ?? baselineBefore(window.from, incidentTimes(stored, now));
  const gathered = await gather(store, window, baseline);
  const evidence = chosen ? gathered : { ...gathered, own: ownBaselines(window.from, stored, now) };
  const { detected, unknown } = await runDetectors(DETECTORS, evidence, slicesOf(window), () => undefined);
  const all = merge(detected, stored, window, live);
  const known = new Set(stored.map((f) => f.id));
  const explained = explain(all, evidence.graph);
  const added = explained.filter((f) => !known.has(f.id));
  // What is going on now is opened by the watch, which waits for a second look.
  if (added.length > 0 && !live && store.writable()) await store.findings.save(added);
  const findings = concerning(explained, request.service, evidence.graph).sort(
    (a, b) => Number(a.causedBy !== undefined) - Number(b.causedBy !== undefined) || scoreOf(b) - scoreOf(a),
  );
  return { ...(await conclude(store, request, evidence, findings, unknown, live)), findings };
}
