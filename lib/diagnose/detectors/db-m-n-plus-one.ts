import { type Detector, found } from '../detector.ts';
import { busyMs, groupHits, type Hit, hitConfidence, requestMs } from '../hits.ts';
import { queryLink, serviceLink, traceLink } from '../links.ts';
import { severityOf } from '../measure.ts';
import type { DatabaseCall, RequestView } from '../requests.ts';
import { median } from '../statistics.ts';
import { code, count, ms, percent, shorten } from '../words.ts';

const thresholds = {
  repeats: {
    value: 3,
    why: 'a pattern of several statements costs as much at three rounds as one statement at more',
  },
  patternMin: { value: 2, why: 'a single repeated statement is db-n-plus-one' },
  patternMax: { value: 8, why: 'longer loops are found by their parts' },
  totalMs: { value: 50, why: 'a run of very fast look-ups is not what users wait for' },
  share: { value: 0.05, why: 'below 5 % of the request another cause matters more' },
};

/** The repeating stretch of `calls` that starts at `start` with a pattern of `length` statements, in whole rounds. */
function roundsAt(calls: readonly DatabaseCall[], start: number, length: number): number {
  let end = start + length;
  while (
    end < calls.length &&
    calls[end]?.statement.fingerprint === calls[end - length]?.statement.fingerprint
  )
    end++;
  return Math.floor((end - start) / length);
}

interface Run {
  readonly calls: readonly DatabaseCall[];
  readonly length: number;
  readonly rounds: number;
}

/** The stretch with most calls; shorter patterns win ties. */
function longestRun(calls: readonly DatabaseCall[]): Run | undefined {
  let best: Run | undefined;
  for (let length = thresholds.patternMin.value; length <= thresholds.patternMax.value; length++) {
    for (let start = 0; start + length * thresholds.repeats.value <= calls.length; start++) {
      const rounds = roundsAt(calls, start, length);
      if (rounds < thresholds.repeats.value || rounds * length <= (best?.calls.length ?? 0)) continue;
      const shapes = new Set(calls.slice(start, start + length).map((c) => c.statement.fingerprint));
      if (shapes.size < thresholds.patternMin.value) continue;
      best = { calls: calls.slice(start, start + rounds * length), length, rounds };
      start += rounds * length - 1;
    }
  }
  return best;
}

function hitsOf(request: RequestView): Hit<Run>[] {
  const byCaller = Map.groupBy(request.databaseCalls, (c) => c.caller.spanId);
  return [...byCaller.values()].flatMap((calls) => {
    const run = longestRun(calls);
    if (!run) return [];
    const spans = run.calls.map((c) => c.span);
    const total = busyMs(spans);
    if (total < thresholds.totalMs.value || total < thresholds.share.value * requestMs(request)) return [];
    const shapes = [...new Set(run.calls.map((c) => c.statement.fingerprint))].sort();
    return [{ request, key: shapes.join(' '), spans, savedMs: total * (1 - 1 / run.rounds), detail: run }];
  });
}

/**
 * As with N+1, a page gets slower with every row, but the loop sends several statements a round, so no single one
 * needs to repeat often. Proof: a pattern of 2 to 8 statements that follows itself under one span.
 */
export const dbMNPlusOne: Detector = {
  id: 'db-m-n-plus-one',
  title: 'A repeating group of queries',
  category: 'database',
  resource: 'database',
  identity: ['service', 'operation', 'query'],
  needs: ['traces'],
  thresholds,
  playbook: 'batch-queries',
  detect(evidence, window) {
    return groupHits(evidence, window, hitsOf).map((group) => {
      const { worst } = group;
      const run = worst.detail;
      const rounds = median(group.hits.map((h) => h.detail.rounds)) ?? 0;
      const { traceId } = worst.request.trace;
      const slowest = run.calls.reduce((a, b) => (b.span.durationUs > a.span.durationUs ? b : a)).statement;
      return found({
        title: `${group.service}: ${run.length} queries repeat ${count(rounds)} times per request (${group.operation})`,
        summary:
          `${code(group.service)} runs the same ${run.length} queries ${count(rounds)} times in each ${code(group.operation)}: ` +
          `${ms(group.spanMs)}, ${percent(group.share)} of the request. The slowest of them is ${code(shorten(slowest.text))}.`,
        severity: severityOf(group.share, group.requestMs),
        confidence: hitConfidence(group) - 0.05,
        onset: group.onset,
        subject: { service: group.service, operation: group.operation, query: slowest.fingerprint },
        impact: {
          latencyShare: group.share,
          requestsAffected: group.requestsAffected,
          savedMs: group.savedMs,
        },
        evidence: [
          {
            kind: 'trace',
            title: `${run.rounds} rounds of ${run.length} queries in one request`,
            value: busyMs(worst.spans),
            unit: 'ms',
            threshold: thresholds.totalMs.value,
            traceId,
            spanIds: worst.spans.map((s) => s.spanId),
            link: traceLink(traceId, worst.spans[0]?.spanId),
          },
          {
            kind: 'query',
            title: `Slowest statement of the round: ${shorten(slowest.text)}`,
            fingerprint: slowest.fingerprint,
            link: queryLink(slowest.fingerprint, window),
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
          repeats: String(Math.round(rounds)),
          statement: slowest.text,
          fingerprint: slowest.fingerprint,
          traceId,
        },
      });
    });
  },
};
