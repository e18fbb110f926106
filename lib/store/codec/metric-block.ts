import type { NativeHistogram } from '#lib/model/native-histogram.ts';
import { ByteReader, ByteWriter } from './bytes.ts';
import { readHistogram, writeHistogram } from './native-histogram.ts';
import { SealedParts, seal } from './sealed.ts';
import { readTimes, writeTimes } from './time-columns.ts';
import { ValueDecoder } from './value-decoder.ts';
import { ValueEncoder } from './value-encoder.ts';
import { STREAMS } from './value-format.ts';
import { leansOnNeighbour, PlanReader } from './value-plan.ts';

/** Samples of one series of a group. */
export interface BlockSeries {
  /** Place in the group, 0 … 63. */
  readonly index: number;
  /** Ascending, unique, ms. Series with equal times share one array after decoding. */
  readonly timestamps: Float64Array;
  readonly values: Float64Array;
  readonly histograms?: readonly (NativeHistogram | undefined)[];
}

export interface BlockEntry {
  readonly index: number;
  readonly count: number;
  readonly first: number;
  readonly last: number;
}

const VERSION = 1;

export function encodeMetricBlock(series: readonly BlockSeries[]): Uint8Array<ArrayBuffer> {
  const columns: Float64Array[] = [];
  const times = new ByteWriter();
  const indices = new ByteWriter(64);
  const refs = new ByteWriter(64);
  const values = new ValueEncoder();
  const histograms = new ByteWriter();
  let previousIndex = -1;
  let previousRef = 0;
  for (let k = 0; k < series.length; k++) {
    const s = series[k] as BlockSeries;
    let ref = columns.findLastIndex((c) => c === s.timestamps || sameTimes(c, s.timestamps));
    if (ref < 0) {
      writeTimes(times, s.timestamps, columns.at(-1));
      ref = columns.push(s.timestamps) - 1;
    }
    indices.zigzag(s.index - previousIndex - 1);
    refs.zigzag(ref - previousRef);
    values.add(s.values, k > 0 && ref === previousRef);
    previousIndex = s.index;
    previousRef = ref;
    if (s.histograms?.some((h) => h !== undefined)) writeHistograms(histograms, k, s.histograms);
  }
  const head = new ByteWriter();
  head.varint(series.length);
  head.varint(columns.length);
  for (const s of values.streams) head.varint(s.length);
  for (const part of [times, indices, refs, values.modes, values.widths, values.numbers]) {
    head.varint(part.length);
    head.raw(part.finish());
  }
  const body = new ByteWriter(values.streams.reduce((n, s) => n + s.length, 0));
  for (const s of values.streams) body.raw(s.finish());
  return seal(VERSION, [head.finish(), body.finish(), histograms.finish()]);
}

const sameTimes = (a: Float64Array, b: Float64Array): boolean => {
  if (a.length !== b.length || a[0] !== b[0] || a.at(-1) !== b.at(-1)) return false;
  for (let i = 1; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
};

function writeHistograms(out: ByteWriter, k: number, row: readonly (NativeHistogram | undefined)[]): void {
  out.varint(k);
  let previous: NativeHistogram | undefined;
  let gap = 0;
  out.varint(row.reduce((n, h) => n + (h === undefined ? 0 : 1), 0));
  for (const h of row) {
    if (h === undefined) {
      gap++;
      continue;
    }
    out.varint(gap);
    gap = 0;
    writeHistogram(out, h, previous);
    previous = h;
  }
}

function readHistograms(input: ByteReader, count: number): (NativeHistogram | undefined)[] {
  const row: (NativeHistogram | undefined)[] = new Array(count).fill(undefined);
  let previous: NativeHistogram | undefined;
  let at = -1;
  for (let n = input.count(); n > 0; n--) {
    at += input.varint() + 1;
    if (at >= count) throw new RangeError('a histogram stands behind the last sample');
    previous = readHistogram(input, previous);
    row[at] = previous;
  }
  return row;
}

interface Head {
  readonly entries: readonly { readonly index: number; readonly timestamps: Float64Array }[];
  readonly modes: Uint8Array;
  readonly widths: Uint8Array;
  readonly numbers: ByteReader;
  readonly streams: readonly number[];
}

function readHead(parts: SealedParts): Head {
  const head = new ByteReader(parts.next());
  const seriesCount = head.varint();
  const columnCount = head.varint();
  const streams = Array.from({ length: STREAMS }, () => head.varint());
  const part = () => head.raw(head.varint());
  const times = new ByteReader(part());
  const indices = new ByteReader(part());
  const refs = new ByteReader(part());
  const modes = part();
  const widths = part();
  const numbers = new ByteReader(part());
  if (modes.length !== seriesCount || widths.length !== seriesCount || columnCount > seriesCount)
    throw new RangeError('metric block is damaged: its columns differ in length');
  const columns: Float64Array[] = [];
  for (let n = columnCount; n > 0; n--) columns.push(readTimes(times, columns.at(-1)));
  let index = -1;
  let ref = 0;
  const entries = Array.from({ length: seriesCount }, () => {
    index += indices.zigzag() + 1;
    ref += refs.zigzag();
    const timestamps = columns[ref];
    if (timestamps === undefined) throw new RangeError(`metric block is damaged: no times ${ref}`);
    return { index, timestamps };
  });
  return { entries, modes, widths, numbers, streams };
}

/** What stands in a block, without decoding values. In the order in which it was encoded. */
export function blockDirectory(data: Uint8Array): BlockEntry[] {
  return readHead(new SealedParts(VERSION, data)).entries.map(({ index, timestamps }) => ({
    index,
    count: timestamps.length,
    first: timestamps[0] ?? 0,
    last: timestamps.at(-1) ?? 0,
  }));
}

/**
 * Throws a RangeError on damaged bytes.
 * @param wanted by place in the group; all when absent
 * @returns in the order in which it was encoded; all values are parts of one buffer
 */
export function decodeMetricBlock(data: Uint8Array, wanted?: (index: number) => boolean): BlockSeries[] {
  const parts = new SealedParts(VERSION, data);
  const { entries, modes, widths, numbers, streams } = readHead(parts);
  const body = parts.next();
  if (streams.reduce((a, b) => a + b, 0) !== body.length)
    throw new RangeError('metric block is damaged: body');
  const plans = new PlanReader(numbers, streams);
  const all = entries.map((e, k) => plans.next(modes[k] as number, widths[k] as number, e.timestamps.length));
  const keep = entries.map((e) => wanted === undefined || wanted(e.index));
  let size = 0;
  for (let k = 0; k < entries.length; k++) if (keep[k]) size += all[k]?.count ?? 0;
  const buffer = new ArrayBuffer(size * 8);
  const decoder = new ValueDecoder(body);
  const out: BlockSeries[] = [];
  const places = new Map<number, number>();
  let at = 0;
  for (let k = 0; k < entries.length; k++) {
    const plan = all[k];
    const entry = entries[k];
    if (plan === undefined || entry === undefined) break;
    if (!keep[k]) {
      if (neededLater(all, keep, k)) decoder.read(plan, new Float64Array(plan.count));
      continue;
    }
    const values = new Float64Array(buffer, at * 8, plan.count);
    at += plan.count;
    decoder.read(plan, values);
    places.set(k, out.push({ index: entry.index, timestamps: entry.timestamps, values }) - 1);
  }
  const rest = new ByteReader(parts.next());
  while (!rest.done) {
    const k = rest.varint();
    const row = readHistograms(rest, all[k]?.count ?? 0);
    const place = places.get(k);
    const series = place === undefined ? undefined : out[place];
    if (place !== undefined && series !== undefined) out[place] = { ...series, histograms: row };
  }
  return out;
}

function neededLater(
  plans: readonly ReturnType<PlanReader['next']>[],
  keep: readonly boolean[],
  k: number,
): boolean {
  for (let next = k + 1; ; next++) {
    const plan = plans[next];
    if (plan === undefined || !leansOnNeighbour(plan)) return false;
    if (keep[next]) return true;
  }
}
