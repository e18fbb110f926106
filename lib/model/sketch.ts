/**
 * A histogram of positive numbers in buckets of equal relative width, so any quantile of any merge of them is
 * within 1 % of the true value (DDSketch: Masson, Rim, Lee, VLDB 2019; relative accuracy α = 0.01).
 * Additive: two sketches merge by adding counts.
 */
const ALPHA = 0.01;
const GAMMA = (1 + ALPHA) / (1 - ALPHA);
const LOG_GAMMA = Math.log(GAMMA);
/** Values below this count as zero: 1 ns when the unit is ms. */
const MIN_VALUE = 1e-6;

export class Sketch {
  /** bucket index → count; index `ZERO` holds values that are (almost) zero */
  readonly counts = new Map<number, number>();
  count = 0;
  sum = 0;
  min = Number.POSITIVE_INFINITY;
  max = Number.NEGATIVE_INFINITY;

  static readonly ZERO = -32768;

  static indexOf(value: number): number {
    return value < MIN_VALUE ? Sketch.ZERO : Math.ceil(Math.log(value) / LOG_GAMMA);
  }

  add(value: number, weight = 1): void {
    const index = Sketch.indexOf(value);
    this.counts.set(index, (this.counts.get(index) ?? 0) + weight);
    this.count += weight;
    this.sum += value * weight;
    if (value < this.min) this.min = value;
    if (value > this.max) this.max = value;
  }

  merge(other: Sketch): void {
    for (const [index, n] of other.counts) this.counts.set(index, (this.counts.get(index) ?? 0) + n);
    this.count += other.count;
    this.sum += other.sum;
    if (other.min < this.min) this.min = other.min;
    if (other.max > this.max) this.max = other.max;
  }

  /** Nearest-rank quantile, `q` in 0…1; undefined when empty. */
  quantile(q: number): number | undefined {
    if (this.count === 0) return undefined;
    const rank = Math.max(1, Math.ceil(q * this.count));
    if (rank >= this.count) return this.max;
    let seen = 0;
    for (const index of [...this.counts.keys()].sort((a, b) => a - b)) {
      seen += this.counts.get(index) ?? 0;
      if (seen >= rank) {
        const middle = index === Sketch.ZERO ? 0 : (2 * GAMMA ** index) / (GAMMA + 1);
        return Math.min(this.max, Math.max(this.min, middle));
      }
    }
    return this.max;
  }

  /** Share of values at or below `limit`, 0…1. */
  shareAtMost(limit: number): number {
    if (this.count === 0) return 0;
    const top = Sketch.indexOf(limit);
    let seen = 0;
    for (const [index, n] of this.counts) if (index <= top) seen += n;
    return seen / this.count;
  }
}
