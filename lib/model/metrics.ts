import type { Exemplar } from './exemplar.ts';
import type { Label, Labels } from './labels.ts';
import { labelsKey, makeLabels } from './labels.ts';
import type { NativeHistogram } from './native-histogram.ts';

/**
 * One series' identity, shared by every sample that belongs to it. Decoders intern these (the same raw label
 * bytes give the same object), so the store pays for a label set once, not once a sample.
 */
export interface SeriesRef {
  /** Only the store writes these, and only to make equal ones one object. */
  labels: Labels;
  key: string;
  /** Slot that the store gave this series in its head; -1 until the store has seen it. Only the store writes it. */
  handle: number;
}

export function seriesRef(pairs: Iterable<Label>): SeriesRef {
  const labels = makeLabels(pairs);
  return { labels, key: labelsKey(labels), handle: -1 };
}

export const METRIC_TYPES = [
  'unknown',
  'counter',
  'gauge',
  'histogram',
  'gaugehistogram',
  'summary',
  'info',
  'stateset',
] as const;
export type MetricType = (typeof METRIC_TYPES)[number];

export interface MetricMetadata {
  readonly name: string;
  readonly type: MetricType;
  readonly help: string;
  readonly unit: string;
}

/**
 * Samples in columns: those of `series[i]` stand at `offsets[i] … offsets[i + 1]` of both columns.
 * Timestamps are milliseconds since the epoch. Values keep their NaN payload (see `isStale`).
 */
export interface MetricBatch {
  readonly series: readonly SeriesRef[];
  /** length = series.length + 1 */
  readonly offsets: Uint32Array;
  readonly timestamps: Float64Array;
  readonly values: Float64Array;
  readonly metadata: readonly MetricMetadata[];
  /** Ascending by `series`; absent means none. A series of histograms alone has no samples in the columns. */
  readonly histograms?: readonly HistogramSample[];
  /** Absent means none. */
  readonly exemplars?: readonly ExemplarSample[];
}

/** A native histogram of `series[series]`. One that marks staleness is not a histogram: it is a stale sample in the columns. */
export interface HistogramSample {
  readonly series: number;
  readonly timestamp: number;
  readonly histogram: NativeHistogram;
}

/** An exemplar of `series[series]`. */
export interface ExemplarSample {
  readonly series: number;
  readonly exemplar: Exemplar;
}

/**
 * One series' samples: ascending, unique timestamps (ms). Series that were scraped together may share one
 * `timestamps` array, which is never written to.
 */
export interface SeriesData {
  readonly labels: Labels;
  readonly timestamps: Float64Array;
  readonly values: Float64Array;
  /** Beside `timestamps` when the series has native histograms: where one stands, the value means nothing (it is NaN, not stale). */
  readonly histograms?: readonly (NativeHistogram | undefined)[];
}

/**
 * The staleness marker is a NaN with payload 2 (Prometheus `value.StaleNaN`, 0x7ff0000000000002). JavaScript may
 * quieten a signalling NaN when it passes through a number, so the quiet bit is ignored here.
 * @param words the values' bytes seen as 32-bit words (`new Uint32Array(values.buffer, values.byteOffset, 2 * values.length)`)
 */
export function isStale(words: Uint32Array, index: number): boolean {
  return words[2 * index] === 2 && ((words[2 * index + 1] ?? 0) & 0x7ff7ffff) === 0x7ff00000;
}

export function wordsOf(values: Float64Array): Uint32Array {
  return new Uint32Array(values.buffer, values.byteOffset, 2 * values.length);
}

/** Writes a staleness marker without letting it pass through a JavaScript number. */
export function setStale(words: Uint32Array, index: number): void {
  words[2 * index] = 2;
  words[2 * index + 1] = 0x7ff00000;
}

/** Label matcher of a selector; `=~` and `!~` are anchored at both ends as in Prometheus. */
export interface Matcher {
  readonly name: string;
  readonly op: '=' | '!=' | '=~' | '!~';
  readonly value: string;
}
