import type { Exemplar } from '#lib/model/exemplar.ts';
import type {
  ExemplarSample,
  HistogramSample,
  MetricBatch,
  MetricMetadata,
  SeriesRef,
} from '#lib/model/metrics.ts';
import { setStale, wordsOf } from '#lib/model/metrics.ts';
import type { NativeHistogram } from '#lib/model/native-histogram.ts';

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
  #histograms: HistogramSample[] = [];
  #exemplars: ExemplarSample[] = [];
  /** Samples so far. */
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

  pushHistogram(timestamp: number, histogram: NativeHistogram): void {
    this.#histograms.push({ series: this.#series.length - 1, timestamp, histogram });
  }

  pushExemplar(exemplar: Exemplar): void {
    this.#exemplars.push({ series: this.#series.length - 1, exemplar });
  }

  /** Takes back the series begun last, and its samples. It must not have histograms or exemplars yet. */
  takeBack(): void {
    this.#series.pop();
    this.length = this.#offsets.pop() ?? 0;
  }

  /** Ends the series begun last; without anything of its own it leaves nothing. */
  end(): void {
    const last = this.#series.length - 1;
    const isEmpty =
      this.#offsets[last] === this.length &&
      this.#histograms.at(-1)?.series !== last &&
      this.#exemplars.at(-1)?.series !== last;
    if (isEmpty) this.takeBack();
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
      ...(this.#histograms.length > 0 ? { histograms: this.#histograms } : {}),
      ...(this.#exemplars.length > 0 ? { exemplars: this.#exemplars } : {}),
    };
    this.clear();
    return batch;
  }

  clear(): void {
    this.#series = [];
    this.#offsets = [];
    this.#histograms = [];
    this.#exemplars = [];
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
