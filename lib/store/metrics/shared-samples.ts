import type { Exemplar } from '#lib/model/exemplar.ts';
import type { Labels } from '#lib/model/labels.ts';
import type { MetricMetadata } from '#lib/model/metrics.ts';

/** The samples of a sealed head, in shared memory: nothing of it is written to any more. */
export interface SharedSamples {
  /** Each holds `PAGE` timestamps, then `PAGE` values (see ./sample-arena.ts). */
  readonly pages: readonly SharedArrayBuffer[];
  /** Block after this block, -1 at the end. */
  readonly next: Int32Array;
  /** By slot: its first block, and how many samples it has (0: none). */
  readonly first: Int32Array;
  readonly length: Int32Array;
  /** Slots whose samples do not stand in order of time. */
  readonly unsorted: readonly number[];
}

/** Native histograms of a sealed head: records one after another, see ./histogram-arena.ts. */
export interface SharedHistograms {
  readonly pages: readonly SharedArrayBuffer[];
  /** Bytes used of each page. */
  readonly used: readonly number[];
}

/** A series that no row of its group names yet. */
export interface NewSeries {
  readonly id: number;
  readonly labels: Labels;
}

export interface StoredExemplar {
  /** of the series */
  readonly id: number;
  readonly exemplar: Exemplar;
}

/** Everything that the metrics part of a compaction needs. */
export interface SharedMetrics {
  readonly samples: SharedSamples;
  readonly histograms: SharedHistograms | undefined;
  /** Series id of each slot. */
  readonly ids: Float64Array;
  /** Parts of a list, see codec/new-series.ts */
  readonly newSeries: readonly Uint8Array[];
  /** Parts of a list, see codec/exemplar-block.ts */
  readonly exemplars: readonly Uint8Array[];
  readonly metadata: readonly MetricMetadata[];
}
