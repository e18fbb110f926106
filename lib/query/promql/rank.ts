import type { Labels } from '#lib/model/labels.ts';
import { makeLabels } from '#lib/model/labels.ts';
import { executionFault } from './fault.ts';
import { formatPlain } from './format-number.ts';
import { hashFraction } from './labels-hash.ts';
import { histogramText } from './native/text.ts';
import type { Pacer } from './pacer.ts';
import type { Column } from './value.ts';
import { floatColumn } from './value.ts';

/** Checks `k` of topk, bottomk, limitk at one step: the whole number of series to keep. */
export function wholeCount(k: number): number {
  if (Number.isNaN(k)) throw executionFault('Parameter value is NaN');
  if (Math.abs(k) >= 2 ** 63)
    throw executionFault(`Scalar value ${k} ${k < 0 ? 'underflows' : 'overflows'} int64`);
  return Math.max(0, Math.trunc(k));
}

/**
 * Keeps, step by step, the k largest (sign 1) or smallest (sign −1) series of a group; NaN comes last.
 * Series by series, with the best so far of every step side by side: reading columns across would miss the cache.
 */
export async function extremes(
  pacer: Pacer,
  columns: readonly Column[],
  k: Float64Array,
  sign: 1 | -1,
): Promise<Column[]> {
  const steps = k.length;
  const limits = k.map((value) => Math.min(wholeCount(value), columns.length));
  const room = limits.reduce((most, limit) => Math.max(most, limit), 0);
  // Slots step · room … hold the kept series in descending order.
  const keptSeries = new Uint32Array(steps * room);
  const keptValues = new Float64Array(steps * room);
  const filled = new Uint32Array(steps);
  for (const [index, column] of columns.entries()) {
    for (let step = 0; step < steps; step++) {
      const limit = limits[step] ?? 0;
      if (!column.present[step] || limit === 0) continue;
      const value = column.values[step] ?? 0;
      const first = step * room;
      let slot = first + (filled[step] ?? 0);
      if (slot - first === limit) {
        if (!beats(value, keptValues[slot - 1] ?? 0, sign)) continue;
        slot--;
      } else filled[step] = slot - first + 1;
      for (; slot > first && beats(value, keptValues[slot - 1] ?? 0, sign); slot--) {
        keptValues[slot] = keptValues[slot - 1] ?? 0;
        keptSeries[slot] = keptSeries[slot - 1] ?? 0;
      }
      keptValues[slot] = value;
      keptSeries[slot] = index;
    }
    if (pacer.due()) await pacer.pause();
  }
  const masks = new Map<number, Uint8Array>();
  for (let step = 0; step < steps; step++) {
    for (let slot = step * room; slot < step * room + (filled[step] ?? 0); slot++) {
      const index = keptSeries[slot] ?? 0;
      let mask = masks.get(index);
      if (!mask) {
        mask = new Uint8Array(steps);
        masks.set(index, mask);
      }
      mask[step] = 1;
    }
  }
  return columns.flatMap((column, index) => {
    const present = masks.get(index);
    return present ? [{ ...column, present }] : [];
  });
}

function beats(value: number, other: number, sign: 1 | -1): boolean {
  return sign * value > sign * other || (Number.isNaN(other) && !Number.isNaN(value));
}

/** Keeps the first k series of a group that have a sample, step by step. */
export function firstSeries(columns: readonly Column[], k: Float64Array): Column[] {
  const counts = new Float64Array(k.length);
  return columns.flatMap((column) => {
    const present = new Uint8Array(k.length);
    for (let i = 0; i < k.length; i++) {
      if (!column.present[i] || (counts[i] ?? 0) >= wholeCount(k[i] ?? 0)) continue;
      counts[i] = (counts[i] ?? 0) + 1;
      present[i] = 1;
    }
    return present.includes(1) ? [{ ...column, present }] : [];
  });
}

/** Keeps a stable share of the series, chosen by a hash of their labels: `r` and `r − 1` complement each other. */
export function share(columns: readonly Column[], ratio: Float64Array): Column[] {
  return columns.flatMap((column) => {
    const offset = hashFraction(column.labels);
    const present = new Uint8Array(ratio.length);
    for (let i = 0; i < ratio.length; i++) {
      const r = Math.max(-1, Math.min(1, ratio[i] ?? 0));
      if (column.present[i] && (r >= 0 ? offset < r : offset >= 1 + r)) present[i] = 1;
    }
    return present.includes(1) ? [{ ...column, present }] : [];
  });
}

/** count_values: a series for each value, labelled with it. */
export async function countValues(
  pacer: Pacer,
  columns: readonly Column[],
  labels: Labels,
  name: string,
  steps: number,
): Promise<Column[]> {
  const counts = new Map<string, Column>();
  for (const column of columns) {
    for (let i = 0; i < steps; i++) {
      if (!column.present[i]) continue;
      const histogram = column.histograms?.[i];
      const text = histogram ? histogramText(histogram) : formatPlain(column.values[i] ?? 0);
      let counted = counts.get(text);
      if (!counted) {
        counted = floatColumn(
          makeLabels([...labels, [name, text]]),
          new Float64Array(steps),
          new Uint8Array(steps),
        );
        counts.set(text, counted);
      }
      counted.values[i] = (counted.values[i] ?? 0) + 1;
      counted.present[i] = 1;
    }
    if (pacer.due()) await pacer.pause();
  }
  return [...counts.values()];
}
