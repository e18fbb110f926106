import type { Reference } from './reference.ts';

/** What each step sees of a series: the samples `lo[i] … hi[i]`, the latter excluded. */
export interface Bounds {
  readonly lo: Int32Array;
  readonly hi: Int32Array;
}

const MAX_KNOWN = 4096;

/** Windows (ref − range, ref] of each step, found once for all series that share one array of timestamps. */
export class WindowBounds {
  readonly #reference: Reference;
  readonly #rangeMs: number;
  readonly #steps: number;
  readonly #known = new Map<Float64Array, Bounds>();
  #lastTimes: Float64Array | undefined;
  #last: Bounds | undefined;

  constructor(reference: Reference, rangeMs: number, steps: number) {
    this.#reference = reference;
    this.#rangeMs = rangeMs;
    this.#steps = steps;
  }

  of(times: Float64Array): Bounds {
    if (this.#last && times === this.#lastTimes) return this.#last;
    let bounds = this.#known.get(times);
    if (!bounds) {
      const { firstMs, stepMs } = this.#reference;
      bounds = {
        hi: firstAfter(times, firstMs, stepMs, this.#steps),
        lo: firstAfter(times, firstMs - this.#rangeMs, stepMs, this.#steps),
      };
      if (this.#known.size < MAX_KNOWN) this.#known.set(times, bounds);
    }
    this.#lastTimes = times;
    this.#last = bounds;
    return bounds;
  }
}

/** For each of the moments: the index of the first sample later than it. */
function firstAfter(times: Float64Array, firstMs: number, stepMs: number, steps: number): Int32Array {
  const found = new Int32Array(steps);
  const count = times.length;
  let at = 0;
  let stride = 0;
  for (let i = 0; i < steps; i++) {
    const moment = firstMs + i * stepMs;
    const from = at;
    // Series are mostly regular: the last stride lands there, or close by.
    at = Math.min(count, at + stride);
    while (at > from && (times[at - 1] ?? 0) > moment) at--;
    while (at < count && (times[at] ?? 0) <= moment) at++;
    stride = at - from;
    found[i] = at;
  }
  return found;
}
