import { CHUNK_BLOCK_MS } from '../resting.ts';
import { ByteReader, ByteWriter } from './bytes.ts';

/** First and last block (start in ms divided by `CHUNK_BLOCK_MS`) that holds samples of each series of a group, by place. */
export interface GroupTimes {
  readonly first: Int32Array;
  /** Below `first` where the series has none. */
  readonly last: Int32Array;
}

const NONE_FIRST = 2 ** 31 - 1;
const NONE_LAST = -(2 ** 31);

/** Times of `size` series without a sample. */
export function noTimes(size: number): GroupTimes {
  return { first: new Int32Array(size).fill(NONE_FIRST), last: new Int32Array(size).fill(NONE_LAST) };
}

/** @returns whether that widened anything */
export function widenTimes({ first, last }: GroupTimes, place: number, from: number, to: number): boolean {
  const [low, high] = [Math.floor(from / CHUNK_BLOCK_MS), Math.floor(to / CHUNK_BLOCK_MS)];
  const wider = low < (first[place] as number) || high > (last[place] as number);
  first[place] = Math.min(first[place] as number, low);
  last[place] = Math.max(last[place] as number, high);
  return wider;
}

export function forgetTimes({ first, last }: GroupTimes, place: number): void {
  first[place] = NONE_FIRST;
  last[place] = NONE_LAST;
}

/** First and last millisecond of the blocks that hold samples of a place; undefined when there are none. */
export function timesAt(times: GroupTimes, place: number): { from: number; to: number } | undefined {
  const first = times.first[place] ?? NONE_FIRST;
  const last = times.last[place] ?? NONE_LAST;
  return last < first ? undefined : { from: first * CHUNK_BLOCK_MS, to: (last + 1) * CHUNK_BLOCK_MS - 1 };
}

/** The same of all places together. */
export function timesOfAll(times: GroupTimes): { from: number; to: number } | undefined {
  const first = times.first.reduce((a, b) => Math.min(a, b), NONE_FIRST);
  const last = times.last.reduce((a, b) => Math.max(a, b), NONE_LAST);
  return last < first ? undefined : { from: first * CHUNK_BLOCK_MS, to: (last + 1) * CHUNK_BLOCK_MS - 1 };
}

/** Differences to the place before: neighbours mostly live equally long. */
export function packTimes({ first, last }: GroupTimes): Uint8Array<ArrayBuffer> {
  const out = new ByteWriter(first.length * 2 + 8);
  out.varint(first.length);
  let before = 0;
  for (let i = 0; i < first.length; i++) {
    const [from, to] = [first[i] as number, last[i] as number];
    if (to < from) {
      out.varint(0);
      continue;
    }
    out.varint(to - from + 1);
    out.zigzag(from - before);
    before = from;
  }
  return out.finish();
}

/** Throws a RangeError for damaged bytes. */
export function unpackTimes(data: Uint8Array): GroupTimes {
  const input = new ByteReader(data);
  const times = noTimes(input.count());
  let before = 0;
  for (let i = 0; i < times.first.length; i++) {
    const blocks = input.varint();
    if (blocks === 0) continue;
    before += input.zigzag();
    times.first[i] = before;
    times.last[i] = before + blocks - 1;
  }
  return times;
}
