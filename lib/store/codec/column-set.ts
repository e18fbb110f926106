import { ByteReader, ByteWriter } from './bytes.ts';
import { readTimes, writeTimes } from './time-columns.ts';
import { ValueDecoder } from './value-decoder.ts';
import { ValueEncoder } from './value-encoder.ts';
import { STREAMS } from './value-format.ts';
import { leansOnNeighbour, PlanReader, type ValuePlan } from './value-plan.ts';

/** A column of values at its times, numbered by who gives it (more than one may have the same number). */
export interface ColumnEntry {
  readonly index: number;
  readonly timestamps: Float64Array;
}

export interface Column extends ColumnEntry {
  readonly values: Float64Array;
}

/** Values of all columns together: eight times what a group of a day should hold. */
const MAX_VALUES = 2 ** 23;

const sameTimes = (a: Float64Array, b: Float64Array): boolean => {
  if (a === b) return true;
  const { length } = a;
  if (length !== b.length || a[0] !== b[0] || a[length - 1] !== b[length - 1]) return false;
  for (let i = 1; i < length; i++) if (a[i] !== b[i]) return false;
  return true;
};

/** Kept from call to call: making them anew would cost more than small blocks do. */
const times = new ByteWriter(1024);
const indices = new ByteWriter(64);
const refs = new ByteWriter(64);
const values = new ValueEncoder();

/**
 * Columns of values that have much in common: equal times are written once, values as `value-format.ts` says.
 * The head tells all but the residuals, which are the body.
 * @param columns likely similar ones one after the other
 */
export function encodeColumns(columns: readonly Column[]): [head: Uint8Array, body: Uint8Array] {
  const total = columns.reduce((n, column) => n + column.values.length, 0);
  if (total > MAX_VALUES) throw new RangeError(`${total} values are too many for one block`);
  for (const out of [times, indices, refs, values]) out.clear();
  const known: Float64Array[] = [];
  let index = -1;
  let ref = 0;
  columns.forEach((column, k) => {
    const { timestamps } = column;
    let own = known.findLastIndex((other) => sameTimes(other, timestamps));
    if (own < 0) {
      writeTimes(times, timestamps, known.at(-1));
      own = known.push(timestamps) - 1;
    }
    indices.zigzag(column.index - index - 1);
    refs.zigzag(own - ref);
    values.add(column.values, k > 0 && own === ref);
    index = column.index;
    ref = own;
  });
  const head = new ByteWriter(1024);
  head.varint(columns.length);
  head.varint(known.length);
  for (const length of values.planes.lengths()) head.varint(length);
  for (const part of [times, indices, refs, values.modes, values.widths, values.numbers]) {
    head.varint(part.length);
    head.raw(part.written());
  }
  return [head.written(), values.planes.body()];
}

/** Reads the head that `encodeColumns` wrote; throws a RangeError where it makes no sense. */
export class ColumnSetReader {
  readonly entries: readonly ColumnEntry[];
  private readonly modes: Uint8Array;
  private readonly widths: Uint8Array;
  private readonly numbers: ByteReader;
  private readonly streams: readonly number[];

  constructor(bytes: Uint8Array) {
    const head = new ByteReader(bytes);
    const count = head.varint();
    const columnCount = head.varint();
    this.streams = Array.from({ length: STREAMS }, () => head.varint());
    const part = () => head.raw(head.varint());
    const times = new ByteReader(part());
    const indices = new ByteReader(part());
    const refs = new ByteReader(part());
    this.modes = part();
    this.widths = part();
    this.numbers = new ByteReader(part());
    if (this.modes.length !== count || this.widths.length !== count || columnCount > count)
      throw new RangeError('columns of a block differ in length');
    const columns: Float64Array[] = [];
    let left = MAX_VALUES;
    for (let n = columnCount; n > 0; n--) {
      const column = readTimes(times, columns.at(-1), left);
      left -= column.length;
      columns.push(column);
    }
    let index = -1;
    let ref = 0;
    this.entries = Array.from({ length: count }, () => {
      index += indices.zigzag() + 1;
      ref += refs.zigzag();
      const timestamps = columns[ref];
      if (timestamps === undefined) throw new RangeError(`no column of times ${ref}`);
      return { index, timestamps };
    });
  }

  /**
   * @param body may be read once only
   * @param keep which of the entries; the values of all of them are parts of one buffer
   * @returns beside the entries
   */
  values(body: Uint8Array, keep: readonly boolean[]): (Float64Array | undefined)[] {
    if (this.streams.reduce((a, b) => a + b, 0) !== body.length)
      throw new RangeError('body of a block has another length than its head says');
    const reader = new PlanReader(this.numbers, this.streams);
    const plans = this.entries.map(({ timestamps }, k) =>
      reader.next(this.modes[k] ?? 0, this.widths[k] ?? 0, timestamps.length),
    );
    const total = plans.reduce((n, plan, k) => n + (keep[k] ? plan.count : 0), 0);
    if (total > MAX_VALUES) throw new RangeError(`${total} values in one block`);
    const buffer = new ArrayBuffer(total * 8);
    const decoder = new ValueDecoder(body);
    let at = 0;
    return plans.map((plan, k) => {
      if (!keep[k]) {
        if (isLeanedOn(plans, keep, k)) decoder.read(plan, new Float64Array(plan.count));
        return undefined;
      }
      const values = new Float64Array(buffer, at, plan.count);
      at += plan.count * 8;
      decoder.read(plan, values);
      return values;
    });
  }
}

/** Whether a column that is kept needs the values of this one. */
function isLeanedOn(plans: readonly ValuePlan[], keep: readonly boolean[], k: number): boolean {
  for (let next = k + 1; ; next++) {
    const plan = plans[next];
    if (plan === undefined || !leansOnNeighbour(plan)) return false;
    if (keep[next]) return true;
  }
}
