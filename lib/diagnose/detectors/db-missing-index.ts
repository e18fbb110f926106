import type { StatementDigest } from '#lib/model/digest.ts';
import { predicateColumns } from '#lib/model/sql-shape.ts';
import type { TimeRange } from '#lib/model/time-range.ts';
import { type Detector, type DraftFinding, found } from '../detector.ts';
import type { Evidence } from '../evidence.ts';
import { queryLink } from '../links.ts';
import { averageLoad, digestOnset, type MeasuredStatement, measureDigest } from '../measure.ts';
import { filterColumns, type WastefulScan, wastefulScan } from '../plan-scan.ts';
import { code, count, ms, shorten } from '../words.ts';

const thresholds = {
  ratio: { value: 100, why: 'reading 100 rows to return one is what an index is for' },
  rowsRead: { value: 10_000, why: 'a table of fewer rows is scanned in a few milliseconds' },
  calls: { value: 3, why: 'one odd execution proves nothing' },
  load: { value: 0.02, why: 'below 2 % of one session the write cost of an index may exceed its gain' },
  lockShare: { value: 0.5, why: 'a statement that mostly waits for locks is not slow for want of an index' },
};

interface Proof {
  readonly kind: 'plan' | 'statistic';
  readonly table?: string;
  readonly columns: readonly string[];
  readonly rowsRead: number;
  readonly rowsKept: number;
  readonly words: string;
}

function fromPlan(digest: StatementDigest, window: TimeRange): Proof | undefined {
  let worst: WastefulScan | undefined;
  for (const example of digest.examples) {
    if (example.plan === undefined || example.at < window.from - 60_000 || example.at > window.to) continue;
    const scan = wastefulScan(example.plan);
    if (scan && scan.rowsRead > (worst?.rowsRead ?? 0)) worst = scan;
  }
  if (!worst || worst.rowsRead < thresholds.rowsRead.value) return undefined;
  if (worst.rowsRead < thresholds.ratio.value * Math.max(1, worst.rowsKept)) return undefined;
  const columns = filterColumns(worst.filter);
  if (!columns) return undefined;
  const verb = worst.basis === 'measured' ? 'reads' : 'is planned to read';
  return {
    kind: 'plan',
    table: worst.table,
    columns: [...columns.equality, ...columns.range.slice(0, 1)],
    rowsRead: worst.rowsRead,
    rowsKept: worst.rowsKept,
    words: `its plan ${verb} all of ${code(worst.table)} (about ${count(worst.rowsRead)} rows) and keeps ${count(worst.rowsKept)}`,
  };
}

function fromCounts(digest: StatementDigest, m: MeasuredStatement): Proof | undefined {
  if (m.callsWithRows === 0) return undefined;
  const rowsRead = m.rowsExamined / m.callsWithRows;
  const rowsKept = m.rowsSent / m.callsWithRows;
  if (rowsRead < thresholds.rowsRead.value || rowsRead < thresholds.ratio.value * Math.max(1, rowsKept))
    return undefined;
  const shape = predicateColumns(digest.text);
  // Without a condition (a count of the whole table, a report) no index can spare the rows.
  if (!/\bwhere\b/i.test(digest.text)) return undefined;
  return {
    kind: 'statistic',
    table: shape?.table,
    columns: shape
      ? [...shape.equality, ...shape.range.slice(0, 1), ...(shape.range.length ? [] : shape.sort)]
      : [],
    rowsRead,
    rowsKept,
    words: `it examines ${count(rowsRead)} rows per call and returns ${count(rowsKept)}`,
  };
}

function draftOf(
  digest: StatementDigest,
  m: MeasuredStatement,
  proof: Proof,
  evidence: Evidence,
  window: TimeRange,
): DraftFinding {
  const before = measureDigest(digest, evidence.baseline);
  const meanMs = m.durations.sum / m.calls;
  const p95 = m.durations.quantile(0.95) ?? 0;
  const p95Before = before.durations.quantile(0.95);
  const columns = [...new Set(proof.columns)];
  const table = proof.table ?? '';
  const index =
    table && columns.length ? `${table}_${columns.join('_')}_idx`.replaceAll(/\W/g, '_').slice(0, 63) : '';
  const advice = index
    ? `An index on ${code(`${table} (${columns.join(', ')})`)} would let it read only what it needs.`
    : 'The statement is too involved to propose columns; look at its plan.';
  const slowed = p95Before !== undefined && p95Before > 0 && p95 > 2 * p95Before;
  return {
    title: `${digest.service}: a query scans all of ${table || 'a table'}${columns.length ? ` for lack of an index on ${columns.join(', ')}` : ''}`,
    summary:
      `${code(shorten(digest.text))} takes ${ms(meanMs)} on average (p95 ${ms(p95)}${slowed ? `, before ${ms(p95Before)}` : ''}); ${proof.words}. ` +
      `${advice} Not worth it if nearly all rows match the condition or the table is mostly written.`,
    severity: meanMs >= 100 && averageLoad(m.durations.sum, window) >= 0.5 ? 'critical' : 'warning',
    confidence: proof.kind === 'plan' ? 0.93 : 0.85,
    onset: digestOnset(digest, meanMs / 2, window) ?? window.from,
    subject: {
      service: digest.service,
      database: digest.database,
      instance: digest.instance || undefined,
      query: digest.fingerprint,
      table: proof.table,
    },
    impact: {
      requestsAffected: m.calls,
      savedMs: meanMs * (1 - Math.max(1, proof.rowsKept) / proof.rowsRead),
    },
    evidence: [
      {
        kind: proof.kind,
        title: `Rows read per call; kept: ${count(proof.rowsKept)}`,
        value: proof.rowsRead,
        unit: 'rows',
        threshold: thresholds.rowsRead.value,
        fingerprint: digest.fingerprint,
        link: queryLink(digest.fingerprint, window),
      },
      {
        kind: 'query',
        title: `p95 of ${shorten(digest.text, 60)}`,
        value: p95,
        unit: 'ms',
        baseline: p95Before,
        fingerprint: digest.fingerprint,
        link: queryLink(digest.fingerprint, window),
      },
      {
        kind: 'statistic',
        title: 'Sessions kept busy by it, on average',
        value: averageLoad(m.durations.sum, window),
        unit: 'count',
        threshold: thresholds.load.value,
        fingerprint: digest.fingerprint,
        link: queryLink(digest.fingerprint, window),
      },
    ],
    variables: {
      statement: digest.text,
      fingerprint: digest.fingerprint,
      ...(table ? { table } : {}),
      ...(columns.length ? { columns: columns.join(', '), index } : {}),
    },
  };
}

/**
 * A query is slow and gets slower as its table grows: the database reads every row to find a few. Proof: rows
 * examined against rows returned (MySQL), or a plan whose sequential scan filters nearly all away (PostgreSQL with
 * auto_explain). Slowness alone proves nothing, so without either this stays silent. Blind to indexes that exist but
 * are not used.
 */
export const dbMissingIndex: Detector = {
  id: 'db-missing-index',
  title: 'Missing index',
  category: 'database',
  resource: 'database',
  identity: ['service', 'database', 'table'],
  needs: ['statements'],
  thresholds,
  playbook: 'add-index',
  detect(evidence, window) {
    return evidence.digests.flatMap((digest) => {
      const m = measureDigest(digest, [window]);
      if (m.calls < thresholds.calls.value || averageLoad(m.durations.sum, window) < thresholds.load.value)
        return [];
      if (m.lockMs > thresholds.lockShare.value * m.durations.sum) return [];
      if (!/^\s*(?:with|select|update|delete)\b/i.test(digest.text)) return [];
      const proof = fromPlan(digest, window) ?? fromCounts(digest, m);
      return proof ? [found(draftOf(digest, m, proof, evidence, window))] : [];
    });
  },
};
