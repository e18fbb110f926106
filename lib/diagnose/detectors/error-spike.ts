import type { SpanSeries } from '#lib/model/span-stats.ts';
import type { TimeRange } from '#lib/model/time-range.ts';
import { type Detector, found } from '../detector.ts';
import { baselineOf, contains, type Evidence, spanBuckets } from '../evidence.ts';
import { serviceLink, traceLink } from '../links.ts';
import { measureSpans } from '../measure.ts';
import { proportionTest } from '../statistics.ts';
import { code, count, percent, shorten } from '../words.ts';

const thresholds = {
  ratio: { value: 0.05, why: 'one request in twenty' },
  factor: { value: 3, why: 'three times its usual share' },
  calls: { value: 20, why: 'a share of fewer calls moves by itself' },
  errors: { value: 5, why: 'a handful of failures is the least to act on' },
  p: { value: 0.01, why: 'many operations are compared' },
};

/** First failing request of the newest stretch of failures. */
function onsetOf(series: SpanSeries, window: TimeRange): number {
  const failing = spanBuckets(series, [{ from: window.from - 600_000, to: window.to }]);
  let onset = window.from;
  for (let i = failing.length - 1, calm = 0; i >= 0 && calm < 3; i--) {
    const bucket = failing[i];
    if (bucket === undefined) break;
    if (bucket.errors / bucket.calls >= thresholds.ratio.value) {
      onset = bucket.at;
      calm = 0;
    } else calm++;
  }
  return onset;
}

function failingTrace(evidence: Evidence, series: SpanSeries, window: TimeRange) {
  const request = evidence.requests.find(
    (r) =>
      r.service === series.service &&
      r.operation === series.operation &&
      r.entry.status === 'error' &&
      contains(window, r.endMs),
  );
  if (!request) return undefined;
  const deepest = request.spans.findLast((s) => s.status === 'error') ?? request.entry;
  const message =
    deepest.statusMessage ||
    deepest.events.flatMap((e) => e.attributes).find(([k]) => k === 'exception.message')?.[1];
  return {
    traceId: request.trace.traceId,
    spanId: deepest.spanId,
    message: typeof message === 'string' ? message : '',
  };
}

/**
 * Requests fail. Proof: the failing share of one operation against its usual share, with a failing trace. Sees only
 * failures that instrumentation marks as errors.
 */
export const errorSpike: Detector = {
  id: 'error-spike',
  title: 'Error spike',
  category: 'change',
  resource: 'code',
  identity: ['service', 'operation'],
  needs: ['spans'],
  thresholds,
  playbook: 'investigate-errors',
  detect(evidence, window) {
    return evidence.spans.flatMap((series) => {
      if (series.kind !== 'server' && series.kind !== 'consumer') return [];
      const now = measureSpans([series], [window]);
      if (now.calls < thresholds.calls.value || now.errors < thresholds.errors.value) return [];
      const before = measureSpans([series], baselineOf(evidence, series.service));
      const ratio = now.errors / now.calls;
      const usual = before.calls === 0 ? 0 : before.errors / before.calls;
      if (ratio < thresholds.ratio.value || ratio < thresholds.factor.value * usual) return [];
      if (
        before.calls > 0 &&
        proportionTest(before.errors, before.calls, now.errors, now.calls) >= thresholds.p.value
      )
        return [];
      const example = failingTrace(evidence, series, window);
      const link = serviceLink(series.service, window);
      return [
        found({
          title: `${series.service}: ${percent(ratio)} of ${series.operation} fail`,
          summary:
            `${count(now.errors)} of ${count(now.calls)} calls of ${code(series.operation)} failed, usually ${percent(usual)}.` +
            (example?.message ? ` The first cause in a trace: ${code(shorten(example.message, 160))}.` : ''),
          severity: ratio >= 0.2 ? 'critical' : 'warning',
          confidence: before.calls >= thresholds.calls.value ? 0.9 : 0.65,
          onset: onsetOf(series, window),
          subject: { service: series.service, operation: series.operation },
          impact: { requestsAffected: now.errors, errorsShare: ratio },
          evidence: [
            {
              kind: 'statistic',
              title: 'Failing share',
              value: ratio,
              unit: 'ratio',
              baseline: usual,
              threshold: thresholds.ratio.value,
              link,
            },
            {
              kind: 'statistic',
              title: 'Failed calls',
              value: now.errors,
              unit: 'count',
              threshold: thresholds.errors.value,
              link,
            },
            ...(example
              ? [
                  {
                    kind: 'trace' as const,
                    title: 'A failing request',
                    traceId: example.traceId,
                    spanIds: [example.spanId],
                    link: traceLink(example.traceId, example.spanId),
                  },
                ]
              : []),
          ],
          variables: example ? { traceId: example.traceId } : {},
        }),
      ];
    });
  },
};
