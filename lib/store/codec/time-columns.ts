import type { ByteReader, ByteWriter } from './bytes.ts';

/**
 * Ascending times: count, first, step and how many more steps are alike, change of the step, and so on. A column
 * with the shape of the one before it is only moved.
 */
export function writeTimes(out: ByteWriter, times: Float64Array, before: Float64Array | undefined): void {
  const first = times[0] ?? 0;
  const moved = before !== undefined && before.length > 0 && isMoved(times, before);
  out.number(first - (before?.[0] ?? 0));
  out.varint(moved ? 0 : times.length + 1);
  if (moved) return;
  let previous = first;
  let step = 0;
  let alike = 0;
  for (let i = 1; i < times.length; i++) {
    const at = times[i] as number;
    if (at - previous === step) alike++;
    else {
      out.varint(alike);
      out.number(at - previous - step);
      step = at - previous;
      alike = 0;
    }
    previous = at;
  }
  out.varint(alike);
}

function isMoved(times: Float64Array, before: Float64Array): boolean {
  if (times.length !== before.length) return false;
  const by = (times[0] as number) - (before[0] as number);
  for (let i = 1; i < times.length; i++)
    if ((times[i] as number) - (before[i] as number) !== by) return false;
  return true;
}

/** @param limit a longer column is an error: damaged bytes must not ask for the world */
export function readTimes(
  input: ByteReader,
  before: Float64Array | undefined,
  limit: number,
): Float64Array<ArrayBuffer> {
  const by = input.number();
  const head = input.varint();
  if (head === 0) {
    if (before === undefined) throw new RangeError('first column of times is a moved one');
    if (before.length > limit) throw new RangeError(`${before.length} samples in one column`);
    const times = new Float64Array(before.length);
    for (let i = 0; i < times.length; i++) times[i] = (before[i] as number) + by;
    return times;
  }
  const count = head - 1;
  if (count > limit) throw new RangeError(`${count} samples in one column`);
  const times = new Float64Array(count);
  let at = by + (before?.[0] ?? 0);
  if (count > 0) times[0] = at;
  let step = 0;
  let i = 1;
  for (;;) {
    const alike = input.varint();
    if (count > 0 ? i + alike > count : alike > 0) throw new RangeError('more times than the column is long');
    for (let n = alike; n > 0; n--) {
      at += step;
      times[i++] = at;
    }
    if (i >= count) return times;
    step += input.number();
    at += step;
    times[i++] = at;
    // A step that changes in last place is followed by a run of none.
  }
}
