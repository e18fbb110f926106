import type { Span } from '#lib/model/span.ts';
import type { SpanSeries } from '#lib/model/span-stats.ts';
import type { TimeRange } from '#lib/model/time-range.ts';
import type { Database } from '../database.ts';
import type { TraceSearch } from '../store.ts';
import type { SpanFilter } from './span-statistics.ts';

export async function readDocuments(_db: Database, _ids: readonly string[]): Promise<Map<string, Span[]>> {
  return new Map();
}
export async function readSummaries(
  _db: Database,
  _horizon: bigint,
  _search: TraceSearch,
): Promise<{ traceId: string; startUs: number; endUs: number }[]> {
  return [];
}
export async function readSpanStatistics(
  _db: Database,
  _horizon: bigint,
  _range: TimeRange,
  _filter: SpanFilter,
): Promise<SpanSeries[]> {
  return [];
}
