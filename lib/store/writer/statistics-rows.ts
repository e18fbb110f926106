import { SPAN_BUCKET_MS } from '#lib/model/span-stats.ts';
import { encodeJson } from '../codec/json.ts';
import { encodeSpanStatistics } from '../codec/span-statistics.ts';
import { encodeStatementStatistics } from '../codec/statement-statistics.ts';
import { blockOf, columnTime, STATISTICS_BLOCK_MS } from '../resting.ts';
import type { StatementTable } from '../statements/statement-table.ts';
import { columnText, keyText, textHash } from '../text.ts';
import type { SpanStatisticsTable } from '../traces/span-statistics.ts';

/** Cuts items with buckets into blocks of time: block start → the items' buckets within it. */
function byBlock<T extends { readonly buckets: readonly { readonly at: number }[] }>(
  items: readonly T[],
): Map<number, T[]> {
  const blocks = new Map<number, T[]>();
  for (const item of items) {
    const parts = Map.groupBy(item.buckets, (bucket) => blockOf(bucket.at, STATISTICS_BLOCK_MS));
    for (const [start, buckets] of parts) {
      const list = blocks.get(start) ?? [];
      list.push({ ...item, buckets });
      blocks.set(start, list);
    }
  }
  return blocks;
}

export interface StatisticsRow {
  readonly start: bigint;
  readonly seq: bigint;
  readonly data: Uint8Array<ArrayBuffer>;
}

export function* spanStatisticsRows(
  table: SpanStatisticsTable,
  seq: bigint,
): Generator<StatisticsRow & { readonly service: string }> {
  for (const [service, series] of Map.groupBy(table.list(), (s) => s.service))
    for (const [start, parts] of byBlock(series))
      yield { service: keyText(service), start: BigInt(start), seq, data: encodeSpanStatistics(parts) };
}

export interface OperationRow {
  readonly service: string;
  readonly key: string;
  readonly operation: string;
  readonly kind: string;
  readonly first: bigint;
  readonly last: bigint;
}

export function operationRows(table: SpanStatisticsTable): OperationRow[] {
  const rows = new Map<string, OperationRow>();
  for (const { service, operation, kind, buckets } of table.list()) {
    const key = textHash(`${kind} ${operation}`);
    const name = keyText(service);
    const known = rows.get(`${key}${name}`);
    const first = buckets[0]?.at ?? 0;
    const last = (buckets.at(-1)?.at ?? 0) + SPAN_BUCKET_MS;
    rows.set(`${key}${name}`, {
      service: name,
      key,
      operation: columnText(operation),
      kind,
      first: columnTime(Math.min(first, Number(known?.first ?? first))),
      last: columnTime(Math.max(last, Number(known?.last ?? last))),
    });
  }
  return [...rows.values()];
}

export function* statementStatisticsRows(
  table: StatementTable,
  seq: bigint,
): Generator<StatisticsRow & { readonly fingerprint: string }> {
  for (const [fingerprint, digests] of Map.groupBy(table.list(), (d) => d.fingerprint))
    for (const [start, parts] of byBlock(digests)) {
      const own = parts.map((digest) => ({
        ...digest,
        examples: digest.examples.filter((e) => blockOf(e.at, STATISTICS_BLOCK_MS) === start),
      }));
      yield {
        fingerprint: keyText(fingerprint),
        start: BigInt(start),
        seq,
        data: encodeStatementStatistics(own),
      };
    }
}

export function* noticeRows<T extends { readonly at: number }>(
  notices: readonly T[],
  seq: bigint,
): Generator<StatisticsRow & { readonly end: bigint }> {
  for (const [start, list] of Map.groupBy(notices, (n) => blockOf(n.at, STATISTICS_BLOCK_MS)))
    yield { start: BigInt(start), seq, end: BigInt(start + STATISTICS_BLOCK_MS), data: encodeJson(list, 3) };
}
