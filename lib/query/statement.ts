import type { StatementExample } from '#lib/model/digest.ts';
import { Fault } from '#lib/model/fault.ts';
import type { Finding } from '#lib/model/finding.ts';
import { Sketch } from '#lib/model/sketch.ts';
import { tablesOf } from '#lib/model/sql-shape.ts';
import type { PlanNode } from '#lib/model/statement.ts';
import type { StatementSummary } from '#lib/model/statement-summary.ts';
import type { TimeRange } from '#lib/model/time-range.ts';
import type { Store } from '#lib/store/store.ts';
import { summariseDigests } from './statements.ts';

export interface StatementPoint {
  /** start of the minute, ms since the epoch */
  readonly at: number;
  readonly calls: number;
  readonly totalMs: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly maxMs: number;
}

/** All that is known of one statement shape in a range. */
export interface StatementDetail extends StatementSummary {
  readonly series: readonly StatementPoint[];
  /** slowest first, masked */
  readonly examples: readonly StatementExample[];
  readonly plans: readonly PlanNode[];
  readonly tables: readonly string[];
  readonly findings: readonly Finding[];
}

const MAX_EXAMPLES = 10;

/** Throws a 404 Fault when nothing of that shape ran in the range. */
export async function statementDetail(
  store: Store,
  fingerprint: string,
  range: TimeRange,
): Promise<StatementDetail> {
  const digests = await store.statements.digests(range, { fingerprint });
  const [summary] = summariseDigests(digests).sort((a, b) => b.totalMs - a.totalMs);
  if (!summary)
    throw new Fault(
      404,
      'query-not-found',
      `no statement with fingerprint ${fingerprint} ran in this range; widen the range`,
    );
  const minutes = new Map<number, Sketch>();
  for (const bucket of digests.flatMap((digest) => digest.buckets)) {
    const sketch = minutes.get(bucket.at) ?? new Sketch();
    sketch.merge(bucket.durations);
    minutes.set(bucket.at, sketch);
  }
  const series = [...minutes]
    .sort(([a], [b]) => a - b)
    .map(([at, d]) => ({
      at,
      calls: d.count,
      totalMs: d.sum,
      p50Ms: d.quantile(0.5) ?? 0,
      p95Ms: d.quantile(0.95) ?? 0,
      maxMs: d.max,
    }));
  const examples = digests
    .flatMap((digest) => digest.examples)
    .sort((a, b) => b.durationMs - a.durationMs)
    .slice(0, MAX_EXAMPLES);
  const plans = examples.flatMap((example) => (example.plan ? [example.plan] : []));
  const findings = (await store.findings.list({ range })).filter(
    (finding) =>
      finding.subject.query === fingerprint || finding.evidence.some((e) => e.fingerprint === fingerprint),
  );
  return { ...summary, series, examples, plans, tables: tablesOf(summary.text), findings };
}
