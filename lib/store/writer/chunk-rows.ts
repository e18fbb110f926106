import { encodeChunk } from '../codec/chunk.ts';
import type { Columns, SampleArena } from '../metrics/sample-arena.ts';
import { blockOf, CHUNK_BLOCK_MS } from '../resting.ts';

export interface ChunkRow {
  readonly seriesId: bigint;
  readonly start: bigint;
  readonly seq: bigint;
  readonly end: bigint;
  readonly count: number;
  readonly data: Uint8Array<ArrayBuffer>;
}

/** One series' samples cut at block boundaries. */
export function* chunkRows(seriesId: number, columns: Columns, seq: bigint): Generator<ChunkRow> {
  const { timestamps, values } = columns;
  for (let from = 0; from < timestamps.length; ) {
    const end = blockOf(timestamps[from] as number, CHUNK_BLOCK_MS) + CHUNK_BLOCK_MS;
    let to = from + 1;
    while (to < timestamps.length && (timestamps[to] as number) < end) to++;
    yield {
      seriesId: BigInt(seriesId),
      start: BigInt(timestamps[from] as number),
      seq,
      end: BigInt(timestamps[to - 1] as number),
      count: to - from,
      data: encodeChunk({ timestamps: timestamps.subarray(from, to), values: values.subarray(from, to) }),
    };
    from = to;
  }
}

export function* allChunkRows(
  samples: SampleArena,
  ids: readonly number[],
  seq: bigint,
): Generator<ChunkRow> {
  for (let slot = 0; slot < ids.length; slot++) {
    const columns = samples.read(slot, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
    if (columns !== undefined) yield* chunkRows(ids[slot] as number, columns, seq);
  }
}
