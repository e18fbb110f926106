import type { Labels } from './labels.ts';

/** One observation picked out of a metric, mostly with the trace it belongs to (`trace_id`). */
export interface Exemplar {
  /** Its own labels, without the series'. */
  readonly labels: Labels;
  readonly value: number;
  /** ms since the epoch */
  readonly timestamp: number;
}

export interface SeriesExemplars {
  /** Labels of the series that the exemplars were taken from. */
  readonly labels: Labels;
  /** Ascending by time. */
  readonly exemplars: readonly Exemplar[];
}
