import type { Labels } from '#lib/model/labels.ts';
import { labelsKey, METRIC_NAME } from '#lib/model/labels.ts';
import type { NativeHistogram } from '#lib/model/native-histogram.ts';
import { executionFault, SAME_LABELSET } from './fault.ts';

/** The evaluation times `startMs`, `startMs + stepMs`, … of one expression: `steps` of them, at least one. */
export interface Grid {
  readonly startMs: number;
  readonly stepMs: number;
  readonly steps: number;
}

/** Native histograms beside floats: where one stands, the float at the same index is NaN and means nothing. */
export type Histograms = readonly (NativeHistogram | undefined)[];

/** One series of an instant vector over all steps. `present[i]` is 0 where it has no sample; NaN is a value. */
export interface Column {
  readonly labels: Labels;
  readonly values: Float64Array;
  readonly present: Uint8Array;
  /** Absent in the usual case that all samples are floats. */
  readonly histograms?: Histograms;
}

export type Value =
  | { readonly type: 'scalar'; readonly values: Float64Array }
  | { readonly type: 'vector'; readonly columns: Column[] }
  | { readonly type: 'string'; readonly value: string };

/** Samples of one series of a range vector: ascending times (ms), no staleness markers. */
export interface Samples {
  readonly labels: Labels;
  readonly times: Float64Array;
  readonly values: Float64Array;
  /** Absent in the usual case that all samples are floats. */
  readonly histograms?: Histograms;
}

export function timeAt(grid: Grid, step: number): number {
  return grid.startMs + step * grid.stepMs;
}

export function constant(grid: Grid, value: number): Float64Array {
  return new Float64Array(grid.steps).fill(value);
}

export function anyPresent(present: Uint8Array): boolean {
  return present.includes(1);
}

export function withoutName(labels: Labels): Labels {
  return labels.some((label) => label[0] === METRIC_NAME)
    ? labels.filter((label) => label[0] !== METRIC_NAME)
    : labels;
}

/**
 * Series whose labels became equal are one series, as long as no step has a sample of both;
 * else the query breaks as in Prometheus.
 */
export function mergeSameLabels(columns: Column[]): Column[] {
  if (columns.length < 2) return columns;
  const byKey = new Map<string, Column>();
  for (const column of columns) {
    const key = labelsKey(column.labels);
    const first = byKey.get(key);
    byKey.set(key, first ? joined(first, column) : column);
  }
  return byKey.size === columns.length ? columns : [...byKey.values()];
}

function joined(a: Column, b: Column): Column {
  const values = a.values.slice();
  const present = a.present.slice();
  for (let i = 0; i < present.length; i++) {
    if (!b.present[i]) continue;
    if (present[i]) throw executionFault(SAME_LABELSET);
    present[i] = 1;
    values[i] = b.values[i] ?? 0;
  }
  return { labels: a.labels, values, present };
}

/** For operations that Prometheus checks over the whole range: equal labels break the query whatever the steps. */
export function refuseSameLabels(columns: Column[]): Column[] {
  if (columns.length < 2) return columns;
  const keys = new Set<string>();
  for (const column of columns) keys.add(labelsKey(column.labels));
  if (keys.size !== columns.length) throw executionFault(SAME_LABELSET);
  return columns;
}

/** Prometheus' order of label sets: name by name, value by value. */
export function compareLabels(a: Labels, b: Labels): number {
  for (let i = 0; i < a.length && i < b.length; i++) {
    const [nameA = '', valueA = ''] = a[i] ?? [];
    const [nameB = '', valueB = ''] = b[i] ?? [];
    if (nameA !== nameB) return nameA < nameB ? -1 : 1;
    if (valueA !== valueB) return valueA < valueB ? -1 : 1;
  }
  return a.length - b.length;
}
