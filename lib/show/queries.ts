import type { StatementSummary } from '#lib/model/statement-summary.ts';
import type { TimeRange } from '#lib/model/time-range.ts';
import type { PanelModel } from './panel.ts';

export interface QueriesModel {
  readonly range: TimeRange;
  readonly rows: readonly StatementSummary[];
  /** Shapes there are; more than `rows.length` when the cheapest were left out. */
  readonly total: number;
  /** Names to filter by: all that ran statements in the range. */
  readonly services: readonly string[];
  readonly databases: readonly string[];
  readonly panel: PanelModel;
}
