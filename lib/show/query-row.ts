import type { DatabaseSystem } from '#lib/model/statement.ts';
import type { TimeRange } from '#lib/model/time-range.ts';
import type { PanelModel } from './panel.ts';

/** One statement shape of one service and database over the range; times in ms. */
export interface QueryRow {
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
  /** share of the time of all statements under the same filter, 0…1 */
  readonly share: number;
  readonly rowsExamined: number;
  readonly rowsSent: number;
  readonly lockMs: number;
  readonly tempBytes: number;
}

export const QUERY_SORTS = ['total', 'mean', 'p95', 'calls'] as const;
export type QuerySort = (typeof QUERY_SORTS)[number];

export interface QueriesModel {
  readonly range: TimeRange;
  readonly rows: readonly QueryRow[];
  /** Shapes there are; more than `rows.length` when the cheapest were left out. */
  readonly total: number;
  /** Names to filter by: all that ran statements in the range. */
  readonly services: readonly string[];
  readonly databases: readonly string[];
  readonly panel: PanelModel;
}
