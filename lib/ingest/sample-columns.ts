import type { MetricBatch, MetricMetadata, SeriesRef } from '#lib/model/metrics.ts';
import { setStale, wordsOf } from '#lib/model/metrics.ts';

/**
 * Collects a `MetricBatch`. Values can be given as two 32-bit words, so that the payload of a NaN never passes
 * through a JavaScript number. The columns stay from batch to batch; `take` copies what is in them.
 */
export class SampleColumns {
  #timestamps = new Float64Array(256);
  #values = new Float64Array(256);
  #words = wordsOf(this.#values);
  #offsets: number[] = [];
  #series: SeriesRef[] = [];
  length = 0;

  /** Begins a series; the samples that follow are its own. */
  begin(series: SeriesRef): void {
    this.#series.push(series);
    this.#offsets.push(this.length);
  }

  /** @param low, high the value's IEEE 754 bits */
  pushWords(timestamp: number, low: number, high: number): void {
    const at = this.length++;
    if (at === this.#timestamps.length) this.#grow();
    this.#timestamps[at] = timestamp;
    this.#words[2 * at] = low;
    this.#words[2 * at + 1] = high;
  }

  push(timestamp: number, value: number): void {
    const at = this.length++;
    if (at === this.#timestamps.length) this.#grow();
    this.#timestamps[at] = timestamp;
    this.#values[at] = value;
  }

  pushStale(timestamp: number): void {
    this.pushWords(timestamp, 0, 0);
    setStale(this.#words, this.length - 1);
  }

  /** What was collected; the collector is empty afterwards. */
  take(metadata: readonly MetricMetadata[]): MetricBatch {
    const offsets = new Uint32Array(this.#offsets.length + 1);
    offsets.set(this.#offsets);
    offsets[this.#offsets.length] = this.length;
    const batch: MetricBatch = {
      series: this.#series,
      offsets,
      timestamps: this.#timestamps.slice(0, this.length),
      values: this.#values.slice(0, this.length),
      metadata,
    };
    this.clear();
    return batch;
  }

  clear(): void {
    this.#series = [];
    this.#offsets = [];
    this.length = 0;
  }

  #grow(): void {
    const timestamps = new Float64Array(this.#timestamps.length * 2);
    timestamps.set(this.#timestamps);
    this.#timestamps = timestamps;
    const words = this.#words;
    this.#values = new Float64Array(timestamps.length);
    this.#words = wordsOf(this.#values);
    this.#words.set(words);
  }
}
