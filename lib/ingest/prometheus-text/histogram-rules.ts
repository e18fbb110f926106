import { LineProblem } from './problem.ts';

/** Rules of OpenMetrics for the samples of one histogram (one label set at one time), told as they come. */
export class HistogramRules {
  readonly #family: string;
  #bound: number | undefined;
  #inBucket = 0;
  #count: number | undefined;
  #sum: number | undefined;
  #gaugeSum: number | undefined;
  #hasNegativeBounds = false;

  constructor(family: string) {
    this.#family = family;
  }

  add(suffix: string, bound: number, value: number): void {
    if (suffix === '_bucket') this.#bucket(bound, value);
    else if (suffix === '_count' || suffix === '_gcount') this.#count = value;
    else if (suffix === '_sum') this.#sum = value;
    else if (suffix === '_gsum') this.#gaugeSum = value;
  }

  #bucket(bound: number, value: number): void {
    if (bound < 0) this.#hasNegativeBounds = true;
    if (this.#bound !== undefined && bound <= this.#bound) this.#fail('its buckets are not in order of le');
    if (value < this.#inBucket) this.#fail('a bucket holds less than the one before');
    this.#bound = bound;
    this.#inBucket = value;
  }

  /** To be called when all samples are in. */
  end(): void {
    const hasSum = this.#sum !== undefined || this.#gaugeSum !== undefined;
    if (this.#bound !== Number.POSITIVE_INFINITY) this.#fail('it has no bucket le="+Inf" at the end');
    if (this.#count !== undefined && this.#count !== this.#inBucket)
      this.#fail('its count is not the value of the bucket le="+Inf"');
    if (hasSum && this.#count === undefined) this.#fail('it has a sum but no count');
    if (!hasSum && this.#count !== undefined) this.#fail('it has a count but no sum');
    if (this.#hasNegativeBounds && this.#sum !== undefined)
      this.#fail('with negative buckets it must not have a sum');
    if (!this.#hasNegativeBounds && (this.#gaugeSum ?? 0) < 0)
      this.#fail('its sum is negative but none of its buckets is');
  }

  #fail(problem: string): never {
    throw new LineProblem(`histogram '${this.#family.slice(0, 60)}': ${problem}`);
  }
}
