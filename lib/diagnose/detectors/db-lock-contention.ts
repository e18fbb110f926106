import { tablesOf } from '#lib/model/sql-shape.ts';
import type { DatabaseNotice } from '#lib/model/statement.ts';
import type { TimeRange } from '#lib/model/time-range.ts';
import { type Detector, type DetectorResult, found } from '../detector.ts';
import { contains, type Evidence } from '../evidence.ts';
import { queriesLink, queryLink } from '../links.ts';
import { measureDigest } from '../measure.ts';
import { code, count, ms, percent, shorten } from '../words.ts';

const thresholds = {
  share: { value: 0.1, why: 'a tenth of the database time spent waiting is more than chance collisions' },
  waits: { value: 3, why: 'a single wait happens in any healthy database' },
  waitMs: { value: 500, why: 'less in sum is not what users feel' },
};

interface Waits {
  readonly service: string;
  readonly database: string;
  readonly notices: readonly DatabaseNotice[];
  readonly count: number;
  readonly waitedMs: number;
  readonly logged: boolean;
}

/**
 * PostgreSQL logs a wait twice: still waiting (after deadlock_timeout), then acquired. One process waits for one lock
 * at a time, so per process the acquired lines end the waits, and a last line without one is a wait still going on.
 */
function waitedBy(notices: readonly DatabaseNotice[]): { count: number; waitedMs: number } {
  let waits = 0;
  let waitedMs = 0;
  for (const own of Map.groupBy(notices, (n) => n.pid ?? -1).values()) {
    let open = 0;
    for (const notice of [...own].sort((a, b) => a.at - b.at)) {
      if (notice.kind === 'lock-wait') {
        open = Math.max(open, notice.waitMs ?? 0);
        continue;
      }
      waits++;
      waitedMs += Math.max(open, notice.waitMs ?? 0);
      open = 0;
    }
    if (open > 0) {
      waits++;
      waitedMs += open;
    }
  }
  return { count: waits, waitedMs };
}

function waitsOf(evidence: Evidence, window: TimeRange): Waits[] {
  const place = (of: { service: string; database: string }) => JSON.stringify([of.service, of.database]);
  const notices = Map.groupBy(
    evidence.notices.filter(
      (n) => (n.kind === 'lock-wait' || n.kind === 'lock-acquired') && contains(window, n.at),
    ),
    place,
  );
  const found: Waits[] = [...notices.values()].map((own) => ({
    service: own[0]?.service ?? '',
    database: own[0]?.database ?? '',
    notices: own,
    ...waitedBy(own),
    logged: true,
  }));
  for (const [key, digests] of Map.groupBy(evidence.digests, place)) {
    if (notices.has(key)) continue;
    const measured = digests.map((d) => measureDigest(d, [window])).filter((m) => m.lockMs > 0);
    const waitedMs = measured.reduce((sum, m) => sum + m.lockMs, 0);
    const calls = measured.reduce((sum, m) => sum + m.calls, 0);
    const { service = '', database = '' } = digests[0] ?? {};
    found.push({ service, database, notices: [], count: calls, waitedMs, logged: false });
  }
  return found;
}

function findingOf(waits: Waits, evidence: Evidence, window: TimeRange): DetectorResult[] {
  const { service, database, notices } = waits;
  if (waits.count < thresholds.waits.value || waits.waitedMs < thresholds.waitMs.value) return [];
  const digests = evidence.digests.filter((d) => d.service === service && d.database === database);
  const measured = digests.map((digest) => ({ digest, m: measureDigest(digest, [window]) }));
  const total = measured.reduce((sum, { m }) => sum + m.durations.sum, 0);
  // Statements that still wait are not in the log yet: the database time is at least the time waited.
  const share = waits.waitedMs / Math.max(total, waits.waitedMs);
  if (share < thresholds.share.value) return [];
  const waiting = notices.filter((n) => n.text !== undefined || n.fingerprint !== undefined);
  const byStatement = [...Map.groupBy(waiting, (n) => n.fingerprint ?? n.text ?? '').values()].sort(
    (a, b) => b.length - a.length,
  )[0]?.[0];
  const heaviest = measured
    .filter(({ m }) => m.lockMs > 0)
    .sort((a, b) => b.m.lockMs - a.m.lockMs)[0]?.digest;
  const fingerprint = byStatement?.fingerprint ?? heaviest?.fingerprint;
  const text = byStatement?.text ?? heaviest?.text ?? '';
  const table = notices.find((n) => n.relation)?.relation ?? tablesOf(text)[0];
  const blockers = [
    ...Map.groupBy(
      notices.flatMap((n) => n.blockers ?? []),
      (pid) => pid,
    ),
  ]
    .sort((a, b) => b[1].length - a[1].length)
    .map(([pid]) => pid);
  const blocker = blockers.length
    ? `process ${blockers.slice(0, 3).join(', ')}${blockers.length > 3 ? ` and ${blockers.length - 3} more` : ''}`
    : '';
  const link = fingerprint ? queryLink(fingerprint, window) : queriesLink(service, window);
  return [
    found({
      title: `${service}: statements wait for locks${table ? ` on ${table}` : ''}`,
      summary:
        `${count(waits.count)} waits for locks cost ${ms(waits.waitedMs)} in sum, ${percent(share)} of the database time of ${code(service)}.` +
        (text ? ` Waiting: ${code(shorten(text))}.` : '') +
        (blocker ? ` The lock is held by ${blocker}.` : ''),
      severity: share >= 0.5 && waits.waitedMs >= 5000 ? 'critical' : 'warning',
      confidence: waits.logged ? 0.95 : 0.8,
      onset: Math.min(
        window.to,
        ...notices.map((n) => n.at - (n.waitMs ?? 0)),
        ...(notices.length ? [] : [window.from]),
      ),
      subject: { service, database, query: fingerprint, table },
      impact: { requestsAffected: waits.count, savedMs: waits.waitedMs / waits.count },
      evidence: [
        {
          kind: 'statistic',
          title: 'Time waited for locks',
          value: waits.waitedMs,
          unit: 'ms',
          threshold: thresholds.waitMs.value,
          link,
        },
        {
          kind: 'statistic',
          title: 'Share of the database time',
          value: share,
          unit: 'ratio',
          threshold: thresholds.share.value,
          link,
        },
        {
          kind: waits.logged ? 'event' : 'query',
          title: waits.logged
            ? `Last lock wait in the log: ${shorten(notices.findLast((n) => n.kind === 'lock-wait')?.message ?? notices.at(-1)?.message ?? '')}`
            : `Waits longest: ${shorten(text)}`,
          fingerprint,
          link,
        },
      ],
      variables: {
        ...(table ? { table } : {}),
        ...(text ? { statement: text } : {}),
        ...(fingerprint ? { fingerprint } : {}),
        ...(blocker ? { blocker } : {}),
      },
    }),
  ];
}

/**
 * Writers queue: requests that touch the same rows take as long as the transaction before them. The mechanism is a
 * lock held too long or rows that everybody updates. Proof: the database's own lock-wait lines with who waits and who
 * holds, or the lock time in the slow log. Blind below log_lock_waits' limit (deadlock_timeout).
 */
export const dbLockContention: Detector = {
  id: 'db-lock-contention',
  title: 'Lock contention',
  category: 'database',
  resource: 'lock',
  identity: ['service', 'database'],
  needs: ['statements'],
  thresholds,
  playbook: 'reduce-lock-contention',
  detect(evidence, window) {
    return waitsOf(evidence, window).flatMap((waits) => findingOf(waits, evidence, window));
  },
};
