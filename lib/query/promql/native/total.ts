import type { NativeHistogram } from '#lib/model/native-histogram.ts';
import type { Parts } from './align.ts';
import { align, partsOf } from './align.ts';
import { divided, joinedHint } from './arithmetic.ts';
import type { Side } from './side.ts';
import { bucketsOf, compacted, NO_SIDE, widened } from './side.ts';

const COUNT = 0;
const SUM = 1;
const ZERO = 2;

/** A running sum of histograms; every number in it is summed with compensation (Neumaier). */
export class HistogramTotal {
  #parts: Parts;
  #lost: { readonly positive: Side; readonly negative: Side };
  #hint: NativeHistogram['counterReset'];
  /** Count, sum and zero count, and what rounding lost of each. */
  readonly #numbers: Float64Array;
  readonly #lostNumbers = new Float64Array(3);
  #size = 1;
  #reset = false;
  #notReset = false;
  /** Custom bounds differed on the way. */
  reconciled = false;

  constructor(first: NativeHistogram) {
    const parts = partsOf(first);
    this.#parts = {
      ...parts,
      zeroCount: 0,
      positive: copied(parts.positive),
      negative: copied(parts.negative),
    };
    this.#lost = { positive: empty(parts.positive), negative: empty(parts.negative) };
    this.#numbers = Float64Array.of(first.count, first.sum, first.zeroCount);
    this.#hint = first.counterReset;
    this.#note(first);
  }

  get size(): number {
    return this.#size;
  }

  /** A histogram claimed a counter reset and another none. */
  get collision(): boolean {
    return this.#reset && this.#notReset;
  }

  /** False when one has custom buckets and the other has not: the sum is void then. */
  add(histogram: NativeHistogram): boolean {
    this.#note(histogram);
    const other = partsOf(histogram);
    let aligned = align(this.#parts, other);
    if (aligned && aligned.a !== this.#parts) {
      this.#settle();
      aligned = align(this.#parts, other);
    }
    if (!aligned) return false;
    const { a, b, reconciled } = aligned;
    if (reconciled) this.reconciled = true;
    // What a wider zero bucket swallowed of the sum.
    addAt(this.#numbers, this.#lostNumbers, ZERO, a.zeroCount);
    const positive = widened(a.positive, b.positive);
    const negative = widened(a.negative, b.negative);
    this.#parts = { ...a, zeroCount: 0, positive, negative };
    this.#lost = {
      positive: widened(this.#lost.positive, positive),
      negative: widened(this.#lost.negative, negative),
    };
    addAt(this.#numbers, this.#lostNumbers, COUNT, histogram.count);
    addAt(this.#numbers, this.#lostNumbers, SUM, histogram.sum);
    addAt(this.#numbers, this.#lostNumbers, ZERO, b.zeroCount);
    accumulate(positive, this.#lost.positive, b.positive);
    accumulate(negative, this.#lost.negative, b.negative);
    this.#hint = joinedHint(this.#hint, histogram.counterReset);
    this.#size++;
    return true;
  }

  #note({ counterReset }: NativeHistogram): void {
    if (counterReset === 'reset') this.#reset = true;
    if (counterReset === 'not-reset') this.#notReset = true;
  }

  /** Folds what was lost into the counts: another layout starts anew. */
  #settle(): void {
    const positive = summed(this.#parts.positive, this.#lost.positive);
    const negative = summed(this.#parts.negative, this.#lost.negative);
    this.#parts = { ...this.#parts, positive, negative };
    this.#lost = { positive: NO_SIDE, negative: NO_SIDE };
  }

  /** The sum, divided by `divisor`. */
  value(divisor = 1): NativeHistogram {
    const number = (index: number): number => {
      const total = this.#numbers[index] ?? 0;
      return Number.isFinite(total) ? (total + (this.#lostNumbers[index] ?? 0)) / divisor : total / divisor;
    };
    const side = (sum: Side, lost: Side): Side => {
      const { indexes, counts } = summed(sum, lost);
      for (let i = 0; i < counts.length; i++) counts[i] = (counts[i] ?? 0) / divisor;
      return compacted({ indexes, counts });
    };
    return {
      schema: this.#parts.schema,
      customValues: this.#parts.customValues,
      counterReset: this.#hint,
      count: number(COUNT),
      sum: number(SUM),
      zeroThreshold: this.#parts.zeroThreshold,
      zeroCount: number(ZERO),
      positive: bucketsOf(side(this.#parts.positive, this.#lost.positive)),
      negative: bucketsOf(side(this.#parts.negative, this.#lost.negative)),
    };
  }
}

function copied({ indexes, counts }: Side): Side {
  return { indexes, counts: counts.slice() };
}

function empty({ indexes }: Side): Side {
  return { indexes, counts: new Float64Array(indexes.length) };
}

function summed(a: Side, b: Side): Side {
  const counts = a.counts.slice();
  for (let i = 0; i < counts.length; i++)
    if (Number.isFinite(counts[i])) counts[i] = (counts[i] ?? 0) + (b.counts[i] ?? 0);
  return { indexes: a.indexes, counts };
}

/** @param value its buckets are among those of the sum */
function accumulate(sum: Side, lost: Side, value: Side): void {
  let at = 0;
  for (let i = 0; i < value.indexes.length; i++) {
    const index = value.indexes[i] ?? 0;
    while ((sum.indexes[at] ?? 0) < index) at++;
    addAt(sum.counts, lost.counts, at++, value.counts[i] ?? 0);
  }
}

function addAt(sums: Float64Array, lost: Float64Array, i: number, value: number): void {
  const sum = sums[i] ?? 0;
  const total = sum + value;
  if (Math.abs(sum) >= Math.abs(value)) lost[i] = (lost[i] ?? 0) + (sum - total + value);
  else lost[i] = (lost[i] ?? 0) + (value - total + sum);
  sums[i] = total;
}

/** The mean of histograms that can be added up; where their sum overflows, the sum of their shares. */
export function meanOf(histograms: readonly NativeHistogram[], total: HistogramTotal): NativeHistogram {
  const mean = total.value(total.size);
  if (!overflows(mean)) return mean;
  const [first, ...others] = histograms.map((histogram) => divided(histogram, total.size));
  if (!first) return mean;
  const shares = new HistogramTotal(first);
  for (const share of others) shares.add(share);
  return shares.value();
}

function overflows({ count, sum, zeroCount, positive, negative }: NativeHistogram): boolean {
  const infinite = (value: number): boolean => Math.abs(value) === Number.POSITIVE_INFINITY;
  return (
    infinite(count) ||
    infinite(sum) ||
    infinite(zeroCount) ||
    positive.counts.some(infinite) ||
    negative.counts.some(infinite)
  );
}
