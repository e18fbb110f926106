import { attributeText, type Span } from '#lib/model/span.ts';
import { databaseOf } from '#lib/query/span-role.ts';
import { peerOf } from '#lib/store/traces/peer.ts';
import { type Detector, found } from '../detector.ts';
import { groupHits, type Hit, hitConfidence, requestMs } from '../hits.ts';
import { serviceLink, traceLink } from '../links.ts';
import type { RequestView } from '../requests.ts';
import { parallelSavingMs, serialRuns } from '../serial.ts';
import { code, ms, percent } from '../words.ts';

const thresholds = {
  savedMs: { value: 100, why: 'less is not worth the change' },
  savedShare: { value: 0.1, why: 'below a tenth of the request users notice nothing' },
};

/** Reads only: the order of calls that change something is usually meant. */
const isRead = (span: Span): boolean => {
  const method = attributeText(span.attributes, 'http.request.method', 'http.method').toUpperCase();
  return method === ''
    ? attributeText(span.attributes, 'rpc.system') !== ''
    : method === 'GET' || method === 'HEAD';
};

const targetOf = (request: RequestView, span: Span): string => {
  const callee = request.tree.childrenOf(span).find((c) => c.resource.service !== span.resource.service);
  return callee ? `${callee.resource.service} ${callee.name}` : `${peerOf(span)} ${span.name}`;
};

function hitsOf(request: RequestView): Hit<readonly string[]>[] {
  const calls = request.spans.filter((s) => s.kind === 'client' && databaseOf(s) === '' && isRead(s));
  const hits: Hit<readonly string[]>[] = [];
  for (const siblings of Map.groupBy(calls, (s) => s.parentSpanId).values())
    for (const spans of serialRuns(siblings, (s) => s)) {
      const targets = spans.map((s) => targetOf(request, s));
      const savedMs = parallelSavingMs(spans);
      if (new Set(targets).size < 2 || savedMs < thresholds.savedMs.value) continue;
      if (savedMs < thresholds.savedShare.value * requestMs(request)) continue;
      hits.push({ request, key: [...new Set(targets)].sort().join('\n'), spans, savedMs, detail: targets });
    }
  return hits;
}

/**
 * A request calls several services and waits for each before it asks the next. Proof: reads that follow one another
 * directly under one span; the what-if lets all start at once. Whether one call needs another's answer cannot be seen
 * from outside, so this is advice for a person to check, never an alarm.
 */
export const apiSerialCalls: Detector = {
  id: 'api-serial-calls',
  title: 'Calls one after another',
  category: 'api',
  resource: 'code',
  identity: ['service', 'operation'],
  needs: ['traces'],
  thresholds,
  playbook: 'parallelise-calls',
  detect(evidence, window) {
    return groupHits(evidence, window, hitsOf).map((group) => {
      const { worst } = group;
      const { traceId } = worst.request.trace;
      const share = group.savedMs / Math.max(1, group.requestMs);
      return found({
        title: `${group.service}: ${worst.spans.length} calls run one after another (${group.operation})`,
        summary:
          `${code(group.operation)} of ${code(group.service)} makes ${worst.spans.length} calls in a row. If none needs another's answer, ` +
          `sending them at once would save about ${ms(group.savedMs)}, ${percent(share)} of the request.`,
        severity: 'info',
        confidence: Math.min(0.6, hitConfidence(group)),
        onset: group.onset,
        subject: { service: group.service, operation: group.operation },
        impact: { latencyShare: share, requestsAffected: group.requestsAffected, savedMs: group.savedMs },
        evidence: [
          {
            kind: 'trace',
            title: `In a row: ${[...new Set(worst.detail)].slice(0, 4).join(', ')}`,
            value: worst.savedMs,
            unit: 'ms',
            threshold: thresholds.savedMs.value,
            traceId,
            spanIds: worst.spans.map((s) => s.spanId),
            link: traceLink(traceId, worst.spans[0]?.spanId),
          },
          {
            kind: 'statistic',
            title: 'Share of the request that running them at once would save',
            value: share,
            unit: 'ratio',
            threshold: thresholds.savedShare.value,
            link: serviceLink(group.service, window),
          },
        ],
        variables: { repeats: String(worst.spans.length), traceId },
      });
    });
  },
};
