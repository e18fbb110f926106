import type { ChangeEvent } from '#lib/model/event.ts';
import type { MetricMetadata } from '#lib/model/metrics.ts';
import type { ChunkRow } from './chunk-rows.ts';
import type { OperationRow, StatisticsRow } from './statistics-rows.ts';
import type { SummaryRow, TraceBlockRow, TraceLocationRow } from './trace-rows.ts';

export interface RestingRows {
  readonly series: readonly { readonly id: bigint; readonly labels: string }[];
  readonly metadata: readonly MetricMetadata[];
  readonly chunks: readonly ChunkRow[];
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
