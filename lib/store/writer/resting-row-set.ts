import type { ChangeEvent } from '#lib/model/event.ts';
import type { OperationRow, StatisticsRow } from './statistics-rows.ts';
import type { SummaryRow, TraceBlockRow, TraceLocationRow } from './trace-rows.ts';

/** What a stretch of the log becomes, but for metrics: those come from memory, see ./write-metrics.ts. */
export interface RestingRows {
  readonly traceBlocks: readonly {
    readonly block: TraceBlockRow;
    readonly locations: readonly TraceLocationRow[];
  }[];
  readonly summaries: readonly SummaryRow[];
  readonly operations: readonly OperationRow[];
  readonly spanStatistics: readonly (StatisticsRow & { readonly service: string })[];
  readonly statementStatistics: readonly (StatisticsRow & { readonly fingerprint: string })[];
  readonly statementTexts: readonly { readonly fingerprint: string; readonly text: string }[];
  readonly notices: readonly (StatisticsRow & { readonly end: bigint })[];
  readonly events: readonly ChangeEvent[];
}
