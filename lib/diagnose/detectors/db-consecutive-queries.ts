import { type Detector, found } from '../detector.ts';
import { groupHits, type Hit, hitConfidence, requestMs } from '../hits.ts';
import { queryLink, serviceLink, traceLink } from '../links.ts';
import type { DatabaseCall, RequestView } from '../requests.ts';
import { parallelSavingMs, serialRuns } from '../serial.ts';
import { code, ms, percent, shorten } from '../words.ts';

const thresholds = {
  savedMs: { value: 100, why: 'less is not worth a second connection per request' },
  savedShare: { value: 0.1, why: 'below a tenth of the request users notice nothing' },
  warnShare: { value: 0.3, why: 'below it the finding is advice, not a bottleneck' },
};

/** A statement with a condition may need what the one before it returned; one without cannot. */
const isIndependentRead = (call: DatabaseCall): boolean =>
  /^\s*select\b/i.test(call.statement.text) && !/\bwhere\b/i.test(call.statement.text);

const opensTransaction = (call: DatabaseCall): boolean => /^\s*(?:begin|start)\b/i.test(call.statement.text);

function hitsOf(request: RequestView): Hit<readonly DatabaseCall[]>[] {
  const hits: Hit<readonly DatabaseCall[]>[] = [];
  for (const calls of Map.groupBy(request.databaseCalls, (c) => c.caller.spanId).values()) {
    // Statements of one transaction share one connection: they cannot run at once.
    if (calls.some(opensTransaction)) continue;
    for (const run of serialRuns(calls, (c) => c.span)) {
      const free = run.filter((call, i) => i === 0 || isIndependentRead(call));
      const shapes = new Set(free.map((c) => c.statement.fingerprint));
      const spans = free.map((c) => c.span);
      const savedMs = parallelSavingMs(spans);
      if (shapes.size < free.length || free.length < 2 || savedMs < thresholds.savedMs.value) continue;
      if (savedMs < thresholds.savedShare.value * requestMs(request)) continue;
      hits.push({ request, key: [...shapes].sort().join(' '), spans, savedMs, detail: free });
    }
  }
  return hits;
}

/**
 * A request waits for one query after the other although none needs what another returned. Proof: reads without a
 * condition that follow one another directly under one span; the what-if lets all start at once. Queries with
 * conditions are left out on purpose: whether they depend on one another cannot be seen from outside.
 */
export const dbConsecutiveQueries: Detector = {
  id: 'db-consecutive-queries',
  title: 'Independent queries one after another',
  category: 'database',
  resource: 'code',
  identity: ['service', 'operation', 'query'],
  needs: ['traces'],
  thresholds,
  playbook: 'parallelise-calls',
  detect(evidence, window) {
    return groupHits(evidence, window, hitsOf).map((group) => {
      const { worst } = group;
      const { traceId } = worst.request.trace;
      const share = group.savedMs / Math.max(1, group.requestMs);
      const first = worst.detail[0]?.statement;
      return found({
        title: `${group.service}: ${worst.spans.length} independent queries run one after another (${group.operation})`,
        summary:
          `${code(group.operation)} of ${code(group.service)} waits for ${worst.spans.length} queries in a row that do not need one another. ` +
          `Sent at once they would save about ${ms(group.savedMs)}, ${percent(share)} of the request.`,
        severity: share >= thresholds.warnShare.value ? 'warning' : 'info',
        confidence: hitConfidence(group) - 0.15,
        onset: group.onset,
        subject: { service: group.service, operation: group.operation, query: first?.fingerprint },
        impact: { latencyShare: share, requestsAffected: group.requestsAffected, savedMs: group.savedMs },
        evidence: [
          {
            kind: 'trace',
            title: 'Queries in a row in one request',
            value: worst.savedMs,
            unit: 'ms',
            threshold: thresholds.savedMs.value,
            traceId,
            spanIds: worst.spans.map((s) => s.spanId),
            link: traceLink(traceId, worst.spans[0]?.spanId),
          },
          ...worst.detail.slice(0, 5).map((call) => ({
            kind: 'query' as const,
            title: shorten(call.statement.text),
            value: call.span.durationUs / 1000,
            unit: 'ms',
            fingerprint: call.statement.fingerprint,
            link: queryLink(call.statement.fingerprint, window),
          })),
          {
            kind: 'statistic',
            title: 'Share of the request that running them at once would save',
            value: share,
            unit: 'ratio',
            threshold: thresholds.savedShare.value,
            link: serviceLink(group.service, window),
          },
        ],
        variables: { repeats: String(worst.spans.length), traceId, statement: first?.text ?? '' },
      });
    });
  },
};
