import { encodeExemplars } from '../codec/exemplar-block.ts';
import type { StoredExemplar } from '../metrics/shared-samples.ts';
import { columnTime } from '../resting.ts';

/** More where they are of one and the same millisecond. */
const PER_ROW = 4000;

export interface ExemplarRow {
  readonly start: bigint;
  readonly seq: bigint;
  readonly end: bigint;
  readonly data: Uint8Array<ArrayBuffer>;
}

export function* exemplarRows(exemplars: readonly StoredExemplar[], seq: bigint): Generator<ExemplarRow> {
  const sorted = exemplars.toSorted((a, b) => a.exemplar.timestamp - b.exemplar.timestamp);
  const timeAt = (i: number): number => sorted[i]?.exemplar.timestamp ?? 0;
  for (let from = 0; from < sorted.length; ) {
    let to = Math.min(from + PER_ROW, sorted.length);
    // Rows are told apart by their start.
    while (to < sorted.length && Math.floor(timeAt(to)) === Math.floor(timeAt(to - 1))) to++;
    yield {
      start: columnTime(timeAt(from)),
      seq,
      end: columnTime(timeAt(to - 1), Math.ceil),
      data: encodeExemplars(sorted.slice(from, to)),
    };
    from = to;
  }
}
