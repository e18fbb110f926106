import type { TimeRange } from '#lib/model/time-range.ts';
import { selfTimeUs } from '#lib/query/critical-path.ts';
import { onsetAbove } from '../change-point.ts';
import { type Detector, found } from '../detector.ts';
import { baselineOf, contains, type Evidence, samplesIn } from '../evidence.ts';
import { serviceLink, traceLink } from '../links.ts';
import { measureSpans } from '../measure.ts';
import type { RequestView } from '../requests.ts';
import { median, quantile } from '../statistics.ts';
import { byPlace, MIN_SAMPLES, selectorOf, shareAtLeast } from '../sustained.ts';
import { code, ms, percent } from '../words.ts';

const thresholds = {
  lagSeconds: { value: 0.1, why: 'every request on the process then waits a tenth of a second more' },
  utilization: { value: 0.7, why: 'above it queueing delay grows faster than load' },
  sustained: { value: 0.5, why: 'for half of the samples: a single collection or start-up is no blockage' },
  factor: { value: 2, why: 'a process that always ran like this is not what changed' },
  selfMs: { value: 20, why: 'less cannot block a loop noticeably' },
};

interface Burner {
  readonly operation: string;
  readonly selfMs: number;
  readonly example: RequestView;
  readonly spanId: string;
}

/** Longest own time of a request's spans inside this process, ms. */
function ownTime(request: RequestView): { selfMs: number; spanId: string } {
  let best = { selfMs: 0, spanId: request.entry.spanId };
  for (const span of request.spans) {
    if (span.kind === 'client' || span.kind === 'producer') continue;
    const selfMs = selfTimeUs(request.tree, span) / 1000;
    if (selfMs > best.selfMs) best = { selfMs, spanId: span.spanId };
  }
  return best;
}

/**
 * The operation that burns the loop has long own time in nearly all of its calls; its victims only now and then,
 * when they happened to wait. So operations are compared by the lower quartile.
 */
function burnerOf(evidence: Evidence, service: string, window: TimeRange): Burner | undefined {
  const own = evidence.requests.filter((r) => r.service === service && contains(window, r.endMs));
  let best: Burner | undefined;
  for (const [operation, requests] of Map.groupBy(own, (r) => r.operation)) {
    if (requests.length < 2) continue;
    const measured = requests.map((request) => ({ request, ...ownTime(request) }));
    const selfMs =
      quantile(
        measured.map((m) => m.selfMs),
        0.25,
      ) ?? 0;
    const worst = measured.reduce((a, b) => (b.selfMs > a.selfMs ? b : a));
    if (selfMs >= thresholds.selfMs.value && selfMs > (best?.selfMs ?? 0))
      best = { operation, selfMs, example: worst.request, spanId: worst.spanId };
  }
  return best;
}

/**
 * Every route of one process is slow at once, at little database time: one handler computes on the only thread and
 * all others wait for their turn. Proof: delay or utilisation of the event loop over the window against its usual
 * level, and the operation whose own time (no child running) is long in nearly every call. Blind without runtime
 * metrics.
 */
export const eventLoopBlocked: Detector = {
  id: 'event-loop-blocked',
  title: 'Event loop blocked',
  category: 'concurrency',
  resource: 'cpu',
  identity: ['service', 'instance'],
  needs: ['signals'],
  thresholds,
  playbook: 'unblock-event-loop',
  detect(evidence, window) {
    return byPlace(evidence, ['eventloop.lag_p99_seconds', 'eventloop.utilization']).flatMap(
      ({ place, series }) => {
        const measured = series.map((s) => {
          const limit =
            s.role === 'eventloop.utilization' ? thresholds.utilization.value : thresholds.lagSeconds.value;
          const { values } = samplesIn(s, [window]);
          const usual = median(samplesIn(s, baselineOf(evidence, place.service)).values);
          const level = median(values) ?? 0;
          const isHigh =
            values.length >= MIN_SAMPLES &&
            shareAtLeast(values, limit) >= thresholds.sustained.value &&
            (usual === undefined || level >= thresholds.factor.value * usual);
          return { series: s, limit, usual, level, isHigh };
        });
        const high =
          measured.find((m) => m.isHigh && m.series.role === 'eventloop.lag_p99_seconds') ??
          measured.find((m) => m.isHigh);
        if (!high) return [];
        const { service, instance } = place;
        const isLag = high.series.role === 'eventloop.lag_p99_seconds';
        const burner = burnerOf(evidence, service, window);
        const requests = measureSpans(
          evidence.spans.filter((s) => s.service === service && s.kind === 'server'),
          [window],
        );
        const p50 = requests.durations.quantile(0.5);
        const level = isLag ? ms(high.level * 1000) : percent(high.level);
        const usual =
          high.usual === undefined ? '' : `, usually ${isLag ? ms(high.usual * 1000) : percent(high.usual)}`;
        const promql = selectorOf(high.series);
        return [
          found({
            title: `${service}: the event loop is blocked${burner ? ` by ${burner.operation}` : ''}`,
            summary:
              `${isLag ? 'Event loop delay (p99)' : 'Event loop utilisation'} of ${code(service)} is ${level}${usual}. Every request of the process waits for it.` +
              (burner
                ? ` ${code(burner.operation)} computes for about ${ms(burner.selfMs)} in nearly every call while nothing else runs.`
                : ' No traced operation stands out; take a CPU profile.'),
            severity: isLag && high.level >= 0.5 ? 'critical' : 'warning',
            confidence: burner ? 0.93 : 0.8,
            onset: onsetAbove(high.series.timestamps, high.series.values, high.limit) ?? window.from,
            subject: { service, instance: instance || undefined, operation: burner?.operation },
            impact: {
              requestsAffected: requests.calls,
              latencyShare:
                isLag && p50 ? Math.min(1, (high.level * 1000) / (high.level * 1000 + p50)) : undefined,
              savedMs: burner?.selfMs,
            },
            evidence: [
              {
                kind: 'series',
                title: isLag ? 'Event loop delay, p99' : 'Event loop utilisation',
                value: isLag ? high.level * 1000 : high.level,
                unit: isLag ? 'ms' : 'ratio',
                baseline: high.usual === undefined ? undefined : high.usual * (isLag ? 1000 : 1),
                threshold: isLag ? high.limit * 1000 : high.limit,
                promql,
                link: serviceLink(service, window),
              },
              ...(burner
                ? [
                    {
                      kind: 'trace' as const,
                      title: `Own time of ${burner.operation} (most of its calls take at least this)`,
                      value: burner.selfMs,
                      unit: 'ms',
                      threshold: thresholds.selfMs.value,
                      traceId: burner.example.trace.traceId,
                      spanIds: [burner.spanId],
                      link: traceLink(burner.example.trace.traceId, burner.spanId),
                    },
                  ]
                : []),
              {
                kind: 'statistic',
                title: 'Requests of the process in the window',
                value: requests.calls,
                unit: 'count',
                link: serviceLink(service, window),
              },
            ],
            variables: {
              instance,
              ...(burner ? { operation: burner.operation, traceId: burner.example.trace.traceId } : {}),
            },
          }),
        ];
      },
    );
  },
};
