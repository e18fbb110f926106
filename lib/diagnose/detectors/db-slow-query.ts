import { type Detector, found } from '../detector.ts';
import { totalMs } from '../evidence.ts';
import { queryLink } from '../links.ts';
import { averageLoad, digestOnset, measureDigest } from '../measure.ts';
import { code, count, ms, percent, shorten, times } from '../words.ts';

const thresholds = {
  share: { value: 0.2, why: 'a fifth of all database time in one statement is where to begin' },
  p95Ms: { value: 100, why: 'below it a request hardly feels one call' },
  factor: { value: 2, why: 'twice its own usual p95 is a change that matters even for a small share' },
  changedP95Ms: { value: 50, why: 'twice very little is still very little' },
  changedShare: { value: 0.05, why: 'below it the change cannot be what users feel' },
  load: { value: 0.05, why: 'statements that keep less than 5 % of one session busy limit nothing' },
  calls: { value: 5, why: 'a p95 of fewer calls is just the slowest of them' },
  baselineMs: { value: 120_000, why: 'less history is no baseline' },
};

/**
 * Requests wait for the database, and one statement shape carries most of that time or has become much slower than
 * it was. Proof: its share of all logged database time and its p95 before and after. Sees only what the slow log
 * holds: many fast calls below its limit stay hidden.
 */
export const dbSlowQuery: Detector = {
  id: 'db-slow-query',
  title: 'Slow query',
  category: 'database',
  resource: 'database',
  identity: ['service', 'database', 'query'],
  needs: ['statements'],
  thresholds,
  playbook: 'optimise-query',
  detect(evidence, window) {
    const measured = evidence.digests.map((digest) => ({ digest, m: measureDigest(digest, [window]) }));
    const all = measured.reduce((sum, { m }) => sum + m.durations.sum, 0);
    const hasBaseline = totalMs(evidence.baseline) >= thresholds.baselineMs.value;
    return measured.flatMap(({ digest, m }) => {
      const load = averageLoad(m.durations.sum, window);
      const p95 = m.durations.quantile(0.95) ?? 0;
      if (m.calls < thresholds.calls.value || load < thresholds.load.value) return [];
      const share = m.durations.sum / all;
      const before = measureDigest(digest, evidence.baseline);
      const p95Before = before.calls >= thresholds.calls.value ? before.durations.quantile(0.95) : undefined;
      const isHeavy = share >= thresholds.share.value && p95 >= thresholds.p95Ms.value;
      const isSlower =
        hasBaseline &&
        p95Before !== undefined &&
        p95 >= thresholds.factor.value * p95Before &&
        p95 >= thresholds.changedP95Ms.value &&
        share >= thresholds.changedShare.value;
      if (!isHeavy && !isSlower) return [];
      const change = isSlower ? ` That is ${times(p95 / p95Before)} its usual p95 of ${ms(p95Before)}.` : '';
      const link = queryLink(digest.fingerprint, window);
      const { fingerprint } = digest;
      return [
        found({
          title: isSlower
            ? `${digest.service}: a query became ${times(p95 / p95Before)} slower`
            : `${digest.service}: one query takes ${percent(share)} of the database time`,
          summary:
            `${code(shorten(digest.text))} ran ${count(m.calls)} times with a p95 of ${ms(p95)} and took ${percent(share)} of the logged database time.` +
            change,
          severity: load >= 1 && p95 >= 500 ? 'critical' : 'warning',
          confidence: isSlower ? 0.8 : 0.65,
          onset:
            digestOnset(digest, isSlower ? Math.max(p95Before, p95 / 2) : p95 / 2, window) ?? window.from,
          subject: {
            service: digest.service,
            database: digest.database,
            instance: digest.instance || undefined,
            query: fingerprint,
          },
          impact: { requestsAffected: m.calls, savedMs: isSlower ? p95 - p95Before : undefined },
          evidence: [
            {
              kind: 'query',
              title: `p95 of ${shorten(digest.text, 60)}`,
              value: p95,
              unit: 'ms',
              baseline: p95Before,
              threshold: thresholds.p95Ms.value,
              fingerprint,
              link,
            },
            {
              kind: 'statistic',
              title: 'Share of the logged database time',
              value: share,
              unit: 'ratio',
              threshold: thresholds.share.value,
              fingerprint,
              link,
            },
            {
              kind: 'statistic',
              title: 'Sessions kept busy by it, on average',
              value: load,
              unit: 'count',
              fingerprint,
              link,
            },
          ],
          variables: { statement: digest.text, fingerprint },
        }),
      ];
    });
  },
};
