import { tablesOf } from '#lib/model/sql-shape.ts';
import { type Detector, found } from '../detector.ts';
import { busyMs, groupHits, type Hit, hitConfidence, requestMs } from '../hits.ts';
import { queryLink, serviceLink, traceLink } from '../links.ts';
import { severityOf } from '../measure.ts';
import type { DatabaseCall, RequestView } from '../requests.ts';
import { median } from '../statistics.ts';
import { code, count, ms, percent, shorten } from '../words.ts';

const thresholds = {
  repeats: { value: 5, why: 'fewer repeats cost less than the change; Sentry uses the same floor' },
  totalMs: { value: 50, why: 'a run of very fast look-ups is not what users wait for' },
  share: { value: 0.05, why: 'below 5 % of the request another cause matters more' },
};

interface Detail {
  readonly calls: readonly DatabaseCall[];
  readonly source: DatabaseCall;
}

/** Calls by the span that sent them and their statement's shape. */
function repeatsOf(request: RequestView): DatabaseCall[][] {
  const groups = new Map<string, DatabaseCall[]>();
  for (const call of request.databaseCalls) {
    const key = `${call.caller.spanId} ${call.statement.fingerprint}`;
    const group = groups.get(key);
    if (group) group.push(call);
    else groups.set(key, [call]);
  }
  return [...groups.values()].filter((g) => g.length >= thresholds.repeats.value);
}

function hitsOf(request: RequestView): Hit<Detail>[] {
  return repeatsOf(request).flatMap((calls) => {
    const first = calls[0];
    if (first === undefined) return [];
    const { fingerprint } = first.statement;
    // The query that fetched the list over which the code loops; without one this is a batch job, not N+1.
    const source = request.databaseCalls.findLast(
      (c) => c.span.startUs < first.span.startUs && c.statement.fingerprint !== fingerprint,
    );
    const spans = calls.map((c) => c.span);
    const total = busyMs(spans);
    if (source === undefined || !/^\s*(?:with|select)\b/i.test(source.statement.text)) return [];
    if (total < thresholds.totalMs.value || total < thresholds.share.value * requestMs(request)) return [];
    const saved = total - (median(spans.map((s) => s.durationUs / 1000)) ?? 0);
    return [{ request, key: fingerprint, spans, savedMs: saved, detail: { calls, source } }];
  });
}

/**
 * A page gets slower the more rows it shows. The code reads a list with one query and then asks for each row's
 * details with a query of its own, so a request pays N round trips. Proof: one normalised statement repeated under
 * one span after another query. Blind where statements are not in the spans; caches are left out, as repeated
 * look-ups are their purpose.
 */
export const dbNPlusOne: Detector = {
  id: 'db-n-plus-one',
  title: 'N+1 queries',
  category: 'database',
  resource: 'database',
  identity: ['service', 'operation', 'query'],
  needs: ['traces'],
  thresholds,
  playbook: 'batch-queries',
  detect(evidence, window) {
    return groupHits(evidence, window, hitsOf).map((group) => {
      const { worst } = group;
      const { source } = worst.detail;
      const statement = worst.detail.calls[0]?.statement ?? source.statement;
      const repeats = median(group.hits.map((h) => h.spans.length)) ?? 0;
      const { traceId } = worst.request.trace;
      const text = shorten(statement.text);
      return found({
        title: `${group.service}: one query runs ${count(repeats)} times per request (${group.operation})`,
        summary:
          `${code(group.service)} repeats ${code(text)} ${count(repeats)} times in each ${code(group.operation)}: ` +
          `${ms(group.spanMs)}, ${percent(group.share)} of the request. The loop follows ${code(shorten(source.statement.text))}. ` +
          `One query for all rows would save about ${ms(group.savedMs)} per request.`,
        severity: severityOf(group.share, group.requestMs),
        confidence: hitConfidence(group),
        onset: group.onset,
        subject: {
          service: group.service,
          operation: group.operation,
          query: statement.fingerprint,
          table: tablesOf(statement.text)[0],
        },
        impact: {
          latencyShare: group.share,
          requestsAffected: group.requestsAffected,
          savedMs: group.savedMs,
        },
        evidence: [
          {
            kind: 'trace',
            title: `${worst.spans.length} equal queries in one request`,
            value: busyMs(worst.spans),
            unit: 'ms',
            threshold: thresholds.totalMs.value,
            traceId,
            spanIds: worst.spans.map((s) => s.spanId),
            link: traceLink(traceId, worst.spans[0]?.spanId),
          },
          {
            kind: 'query',
            title: `Repeated statement: ${text}`,
            value: repeats,
            unit: 'count',
            threshold: thresholds.repeats.value,
            fingerprint: statement.fingerprint,
            link: queryLink(statement.fingerprint, window),
          },
          {
            kind: 'query',
            title: `Query before the loop: ${shorten(source.statement.text)}`,
            fingerprint: source.statement.fingerprint,
            traceId,
            spanIds: [source.span.spanId],
            link: traceLink(traceId, source.span.spanId),
          },
          {
            kind: 'statistic',
            title: `Share of sampled ${group.operation} requests that show it`,
            value: group.frequency,
            unit: 'ratio',
            link: serviceLink(group.service, window),
          },
        ],
        variables: {
          repeats: String(Math.round(repeats)),
          statement: statement.text,
          fingerprint: statement.fingerprint,
          traceId,
        },
      });
    });
  },
};
