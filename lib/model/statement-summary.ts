import type { DatabaseSystem } from './statement.ts';

export const STATEMENT_SORTS = ['total', 'mean', 'p95', 'calls'] as const;
export type StatementSort = (typeof STATEMENT_SORTS)[number];

/** One statement shape of one service and database over a range; times in ms. */
export interface StatementSummary {
  readonly fingerprint: string;
  /** normalised: literals are `?` */
  readonly text: string;
  readonly system: DatabaseSystem;
  readonly database: string;
  readonly service: string;
  readonly calls: number;
  readonly totalMs: number;
  readonly meanMs: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** share of the time of all statements in the answer's range and filter, 0…1 */
  readonly share: number;
  readonly rowsExamined: number;
  readonly rowsSent: number;
  readonly lockMs: number;
  readonly tempBytes: number;
}
