import type { Trace } from '#lib/model/span.ts';
import type { TimeRange } from '#lib/model/time-range.ts';
import { criticalPath } from '#lib/query/critical-path.ts';
import { databaseOf, isMessaging } from '#lib/query/span-role.ts';
import { peerOf } from '#lib/store/traces/peer.ts';
import { type Detector, found, unknown } from '../detector.ts';
import { baselineOf, contains, type Evidence, joinSpans, samplesIn } from '../evidence.ts';
import { requestMs } from '../hits.ts';
import { serviceLink, traceLink } from '../links.ts';
import { measureSpans, severityOf, spanOnset } from '../measure.ts';
import type { RequestView } from '../requests.ts';
import { mean, median } from '../statistics.ts';
import { code, ms, percent, times } from '../words.ts';

const thresholds = {
  factor: {
    value: 1.5,
    why: 'half as slow again as usual is beyond the ordinary ups and downs of a third party',
  },
  riseMs: { value: 20, why: 'a rise that small is not felt' },
  share: { value: 0.2, why: 'below a fifth of the critical path the wait is elsewhere' },
  calls: { value: 10, why: 'a p95 of fewer calls is just the slowest of them' },
  lagFactor: { value: 2, why: "a rise within twice the caller's own event loop delay is the caller's doing" },
};

interface Dependency {
  readonly service: string;
  readonly peer: string;
  readonly calls: { readonly request: RequestView; readonly spanId: string }[];
}

/** Peers that no sampled call of theirs leads into a service we observe, databases and queues left out. */
function externalsOf(evidence: Evidence, window: TimeRange): Dependency[] {
  const observed = new Set([...evidence.graph.services, ...evidence.spans.map((s) => s.service)]);
  const found = new Map<string, Dependency>();
  const answered = new Set<string>();
  for (const request of evidence.requests) {
    if (!contains(window, request.endMs)) continue;
    for (const span of request.spans) {
      const peer = span.kind === 'client' ? peerOf(span) : '';
      if (peer === '' || observed.has(peer) || databaseOf(span) !== '' || isMessaging(span)) continue;
      const key = JSON.stringify([request.service, peer]);
      if (request.tree.childrenOf(span).some((c) => c.resource.service !== request.service))
        answered.add(key);
      const dependency = found.get(key) ?? { service: request.service, peer, calls: [] };
      dependency.calls.push({ request, spanId: span.spanId });
      found.set(key, dependency);
    }
  }
  return [...found].filter(([key]) => !answered.has(key)).map(([, dependency]) => dependency);
}

/** A trace's critical path is walked for at most this many traces per dependency. */
const MAX_PATHS = 25;

/** Median share of the whole request's critical path that is spent in the calls. */
function pathShare(calls: Dependency['calls']): number {
  const byTrace = new Map<Trace, { request: RequestView; spanIds: Set<string> }>();
  for (const { request, spanId } of calls) {
    const entry = byTrace.get(request.trace) ?? { request, spanIds: new Set() };
    entry.spanIds.add(spanId);
    byTrace.set(request.trace, entry);
  }
  const shares = [...byTrace].slice(0, MAX_PATHS).map(([trace, { request, spanIds }]) => {
    let inCalls = 0;
    let all = 0;
    for (const section of criticalPath(trace, request.tree)) {
      all += section.endUs - section.startUs;
      if (spanIds.has(section.spanId)) inCalls += section.endUs - section.startUs;
    }
    return all === 0 ? 0 : inCalls / all;
  });
  return median(shares) ?? 0;
}

/**
 * Requests wait for a third party that sends us no telemetry, so nothing of ours looks busy. Proof: the caller's
 * client spans to it are slower than usual and lie on the critical path. A blocked caller stretches its client spans
 * too: a rise that its own event loop delay explains is not held against the dependency. Blind to time lost in the
 * network between the two.
 */
export const externalDependencySlow: Detector = {
  id: 'external-dependency-slow',
  title: 'Slow external dependency',
  category: 'dependency',
  resource: 'dependency',
  identity: ['service', 'dependency'],
  needs: ['spans', 'traces'],
  thresholds,
  playbook: 'isolate-dependency',
  detect(evidence, window) {
    return externalsOf(evidence, window).flatMap(({ service, peer, calls }) => {
      const series = evidence.spans.filter(
        (s) => s.service === service && s.kind === 'client' && s.peer === peer,
      );
      const now = measureSpans(series, [window]);
      const before = measureSpans(series, baselineOf(evidence, service));
      if (now.calls < thresholds.calls.value) return [];
      if (before.calls < thresholds.calls.value)
        return [
          unknown(
            `${service} → ${peer}: no usual latency to compare with yet (${before.calls} earlier calls)`,
          ),
        ];
      const p95 = now.durations.quantile(0.95) ?? 0;
      const usual = before.durations.quantile(0.95) ?? 0;
      const lags = evidence.signals.filter(
        (s) => s.service === service && s.role === 'eventloop.lag_p99_seconds',
      );
      const lagMs = Math.max(0, ...lags.map((s) => mean(samplesIn(s, [window]).values))) * 1000;
      if (p95 < thresholds.factor.value * usual || p95 - usual < thresholds.riseMs.value) return [];
      if (p95 - usual < thresholds.lagFactor.value * lagMs) return [];
      const share = pathShare(calls);
      if (share < thresholds.share.value) return [];
      const worst = calls.reduce((a, b) => (requestMs(b.request) > requestMs(a.request) ? b : a));
      const { traceId } = worst.request.trace;
      const all = joinSpans(series.map((s) => ({ ...s, operation: '', peer: '' })))[0];
      const p50 = now.durations.quantile(0.5) ?? p95;
      const rise = p50 - (before.durations.quantile(0.5) ?? 0);
      return [
        found({
          title: `${peer} is slow for ${service} (p95 ${ms(p95)}, usually ${ms(usual)})`,
          summary:
            `Calls from ${code(service)} to ${code(peer)}, which sends no telemetry here, take ${times(p95 / usual)} as long as usual ` +
            `and make up ${percent(share)} of the critical path of the requests that need them.`,
          severity: severityOf(share, p95),
          confidence: 0.92,
          onset:
            (all && spanOnset(all, (p50 + (before.durations.quantile(0.5) ?? 0)) / 2, window)) ?? window.from,
          subject: { service, dependency: peer, operation: worst.request.operation },
          impact: {
            latencyShare: share,
            requestsAffected: now.calls,
            savedMs: Math.max(0, rise),
            errorsShare: now.errors / now.calls,
          },
          evidence: [
            {
              kind: 'statistic',
              title: `p95 of calls to ${peer}`,
              value: p95,
              unit: 'ms',
              baseline: usual,
              threshold: thresholds.factor.value * usual,
              link: serviceLink(service, window),
            },
            {
              kind: 'trace',
              title: 'A request that waits for it',
              value: requestMs(worst.request),
              unit: 'ms',
              traceId,
              spanIds: [worst.spanId],
              link: traceLink(traceId, worst.spanId),
            },
            {
              kind: 'statistic',
              title: 'Share of the critical path',
              value: share,
              unit: 'ratio',
              threshold: thresholds.share.value,
              link: traceLink(traceId, worst.spanId),
            },
          ],
          variables: { dependency: peer, traceId },
        }),
      ];
    });
  },
};
