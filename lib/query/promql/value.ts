import type { Labels } from '#lib/model/labels.ts';
import { labelsKey, METRIC_NAME } from '#lib/model/labels.ts';
import type { NativeHistogram } from '#lib/model/native-histogram.ts';
import { executionFault, SAME_LABELSET } from './fault.ts';
import type { Pacer } from './pacer.ts';

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
  /** Undefined in the usual case that all samples are floats. */
  readonly histograms: Histograms | undefined;
  /** The metric name no longer fits; it goes once the whole query is evaluated, so that until then it can be made a label. */
  readonly dropName: boolean;
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

export function floatColumn(
  labels: Labels,
  values: Float64Array,
  present: Uint8Array,
  dropName = false,
): Column {
  return { labels, values, present, histograms: undefined, dropName };
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

/** The labels that say what a series' values are: they go with the name. */
const METADATA_LABELS: ReadonlySet<string> = new Set([METRIC_NAME, '__type__', '__unit__']);

export function withoutName(labels: Labels): Labels {
  return labels.some(([name]) => METADATA_LABELS.has(name))
    ? labels.filter(([name]) => !METADATA_LABELS.has(name))
    : labels;
}

/** The end of delayed name removal: names that no longer fit go; series that are then the same become one. */
export async function withNamesDropped(pacer: Pacer, columns: Column[]): Promise<Column[]> {
  if (!columns.some(({ dropName }) => dropName)) return columns;
  return mergeSameLabels(
    pacer,
    columns.map((column) =>
      column.dropName ? { ...column, labels: withoutName(column.labels), dropName: false } : column,
    ),
  );
}

/** The steps that have floats: what functions and operators without use for histograms see. */
export function floatsOnly(columns: Column[]): Column[] {
  if (!columns.some(({ histograms }) => histograms)) return columns;
  return columns.flatMap((column) => {
    const { histograms } = column;
    if (!histograms) return [column];
    const present = column.present.map((here, i) => (histograms[i] ? 0 : here));
    return anyPresent(present) ? [{ ...column, present, histograms: undefined }] : [];
  });
}

/**
 * Series whose labels became equal are one series, as long as no step has a sample of both;
 * else the query breaks as in Prometheus.
 */
export async function mergeSameLabels(pacer: Pacer, columns: Column[]): Promise<Column[]> {
  if (columns.length < 2) return columns;
  const byKey = new Map<string, Column>();
  for (const column of columns) {
    const key = labelsKey(column.labels);
    const first = byKey.get(key);
    byKey.set(key, first ? joined(first, column) : column);
    if (pacer.due()) await pacer.pause();
  }
  return byKey.size === columns.length ? columns : [...byKey.values()];
}

function joined(a: Column, b: Column): Column {
  const values = a.values.slice();
  const present = a.present.slice();
  const histograms = a.histograms || b.histograms ? [...(a.histograms ?? [])] : undefined;
  for (let i = 0; i < present.length; i++) {
    if (!b.present[i]) continue;
    if (present[i]) throw executionFault(SAME_LABELSET);
    present[i] = 1;
    values[i] = b.values[i] ?? 0;
    if (histograms) histograms[i] = b.histograms?.[i];
  }
  return { labels: a.labels, values, present, histograms, dropName: a.dropName || b.dropName };
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
