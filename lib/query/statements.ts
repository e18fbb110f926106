import type { StatementDigest } from '#lib/model/digest.ts';
import { Fault } from '#lib/model/fault.ts';
import { Sketch } from '#lib/model/sketch.ts';
import { STATEMENT_SORTS, type StatementSort, type StatementSummary } from '#lib/model/statement-summary.ts';
import type { TimeRange } from '#lib/model/time-range.ts';
import type { Store } from '#lib/store/store.ts';

interface Totals {
  readonly digest: StatementDigest;
  readonly durations: Sketch;
  rowsExamined: number;
  rowsSent: number;
  lockMs: number;
  tempBytes: number;
}

function addBuckets(totals: Totals, digest: StatementDigest): void {
  for (const bucket of digest.buckets) {
    totals.durations.merge(bucket.durations);
    totals.rowsExamined += bucket.rowsExamined;
    totals.rowsSent += bucket.rowsSent;
    totals.lockMs += bucket.lockMs;
    totals.tempBytes += bucket.tempBytes;
  }
}

function summarise({ digest, durations, ...rest }: Totals, allMs: number): StatementSummary {
  return {
    fingerprint: digest.fingerprint,
    text: digest.text,
    system: digest.system,
    database: digest.database,
    service: digest.service,
    calls: durations.count,
    totalMs: durations.sum,
    meanMs: durations.sum / durations.count,
    p95Ms: durations.quantile(0.95) ?? 0,
    p99Ms: durations.quantile(0.99) ?? 0,
    maxMs: durations.max,
    share: allMs > 0 ? durations.sum / allMs : 0,
    ...rest,
  };
}

/** Folds digests of several instances into one row for each (fingerprint, service, database). */
export function summariseDigests(digests: readonly StatementDigest[]): StatementSummary[] {
  const groups = new Map<string, Totals>();
  for (const digest of digests) {
    const key = JSON.stringify([digest.fingerprint, digest.service, digest.database]);
    let totals = groups.get(key);
    if (!totals) {
      totals = { digest, durations: new Sketch(), rowsExamined: 0, rowsSent: 0, lockMs: 0, tempBytes: 0 };
      groups.set(key, totals);
    }
    addBuckets(totals, digest);
  }
  const used = [...groups.values()].filter((totals) => totals.durations.count > 0);
  const allMs = used.reduce((sum, totals) => sum + totals.durations.sum, 0);
  return used.map((totals) => summarise(totals, allMs));
}

const MEASURE: Record<StatementSort, (row: StatementSummary) => number> = {
  total: (row) => row.totalMs,
  mean: (row) => row.meanMs,
  p95: (row) => row.p95Ms,
  calls: (row) => row.calls,
};

export interface StatementQuestion {
  readonly range: TimeRange;
  readonly service?: string;
  readonly database?: string;
  readonly sort: StatementSort;
  readonly limit: number;
}

/** Reads `service`, `database`, `sort` and `limit`. Throws a 400 Fault that names the parameter. */
export function parseStatementQuestion(search: URLSearchParams, range: TimeRange): StatementQuestion {
  const sort = search.get('sort') ?? 'total';
  const known = STATEMENT_SORTS.find((name) => name === sort);
  if (!known)
    throw new Fault(400, 'bad-sort', `'sort' is '${sort}'; choose one of ${STATEMENT_SORTS.join(', ')}`);
  const limit = Number(search.get('limit') ?? 100);
  if (!Number.isInteger(limit) || limit < 1 || limit > 10_000)
    throw new Fault(
      400,
      'bad-limit',
      `'limit' is '${search.get('limit')}'; give a whole number from 1 to 10000`,
    );
  const service = search.get('service');
  const database = search.get('database');
  return { range, sort: known, limit, ...(service ? { service } : {}), ...(database ? { database } : {}) };
}

/** Statement shapes, the costliest by `sort` first. */
export async function rankStatements(store: Store, question: StatementQuestion): Promise<StatementSummary[]> {
  const { service, database } = question;
  const digests = await store.statements.digests(question.range, {
    ...(service ? { service } : {}),
    ...(database ? { database } : {}),
  });
  const measure = MEASURE[question.sort];
  return summariseDigests(digests)
    .sort((a, b) => measure(b) - measure(a) || (a.fingerprint < b.fingerprint ? -1 : 1))
    .slice(0, question.limit);
}
