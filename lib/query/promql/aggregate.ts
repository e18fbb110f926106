import { kahanMean } from './kahan.ts';
import { quantileOf } from './quantile.ts';
import type { Column } from './value.ts';

/** One group's series, reduced to one column. `param` has a value for each step. */
export type Reduce = (
  columns: readonly Column[],
  out: Float64Array,
  present: Uint8Array,
  param: Float64Array | undefined,
) => void;

/** Counts samples by step into `counts`, and marks the steps that have any. */
function tally(columns: readonly Column[], counts: Float64Array, present: Uint8Array): void {
  for (const column of columns) {
    for (let i = 0; i < counts.length; i++) {
      if (!column.present[i]) continue;
      counts[i] = (counts[i] ?? 0) + 1;
      present[i] = 1;
    }
  }
}

const count: Reduce = (columns, out, present) => tally(columns, out, present);

const group: Reduce = (columns, out, present) => {
  tally(columns, out, present);
  out.fill(1);
};

/** Neumaier's compensated sum, as Prometheus adds. */
const sum: Reduce = (columns, out, present) => {
  const lost = new Float64Array(out.length);
  for (const column of columns) {
    for (let i = 0; i < out.length; i++) {
      if (!column.present[i]) continue;
      const value = column.values[i] ?? 0;
      const before = out[i] ?? 0;
      const total = before + value;
      if (total === Number.POSITIVE_INFINITY || total === Number.NEGATIVE_INFINITY) lost[i] = 0;
      else if (Math.abs(before) >= Math.abs(value)) lost[i] = (lost[i] ?? 0) + (before - total + value);
      else lost[i] = (lost[i] ?? 0) + (value - total + before);
      out[i] = total;
      present[i] = 1;
    }
  }
  for (let i = 0; i < out.length; i++) out[i] = (out[i] ?? 0) + (lost[i] ?? 0);
};

const avg: Reduce = (columns, out, present, param) => {
  sum(columns, out, present, param);
  const counts = new Float64Array(out.length);
  tally(columns, counts, present);
  for (let i = 0; i < out.length; i++) {
    if (!present[i]) continue;
    const mean = (out[i] ?? 0) / (counts[i] ?? 1);
    // The sum overflowed or met an infinity: the slower mean tells which.
    out[i] = Number.isFinite(mean) ? mean : meanAt(columns, i);
  }
};

function meanAt(columns: readonly Column[], step: number): number {
  const values = Float64Array.from(columns.flatMap((c) => (c.present[step] ? [c.values[step] ?? 0] : [])));
  return kahanMean(values, 0, values.length);
}

function extreme(sign: 1 | -1): Reduce {
  return (columns, out, present) => {
    for (const column of columns) {
      for (let i = 0; i < out.length; i++) {
        if (!column.present[i]) continue;
        const value = column.values[i] ?? 0;
        const best = out[i] ?? 0;
        if (!present[i] || sign * value > sign * best || Number.isNaN(best)) out[i] = value;
        present[i] = 1;
      }
    }
  };
}

/** Population variance by step (Welford), NaN from the first value that is not finite. */
const stdvar: Reduce = (columns, out, present) => {
  const counts = new Float64Array(out.length);
  const means = new Float64Array(out.length);
  for (const column of columns) {
    for (let i = 0; i < out.length; i++) {
      if (!column.present[i]) continue;
      const value = column.values[i] ?? 0;
      const n = (counts[i] ?? 0) + 1;
      const mean = means[i] ?? 0;
      const delta = value - mean;
      counts[i] = n;
      means[i] = mean + delta / n;
      out[i] = (out[i] ?? 0) + delta * (value - (means[i] ?? 0));
      present[i] = 1;
    }
  }
  for (let i = 0; i < out.length; i++) if (present[i]) out[i] = (out[i] ?? 0) / (counts[i] ?? 1);
};

const stddev: Reduce = (columns, out, present, param) => {
  stdvar(columns, out, present, param);
  for (let i = 0; i < out.length; i++) out[i] = Math.sqrt(out[i] ?? 0);
};

const quantile: Reduce = (columns, out, present, param) => {
  const values = new Float64Array(columns.length);
  for (let i = 0; i < out.length; i++) {
    let found = 0;
    for (const column of columns) if (column.present[i]) values[found++] = column.values[i] ?? 0;
    if (found === 0) continue;
    out[i] = quantileOf(param?.[i] ?? Number.NaN, values, found);
    present[i] = 1;
  }
};

export const REDUCTIONS: ReadonlyMap<string, Reduce> = new Map([
  ['sum', sum],
  ['avg', avg],
  ['min', extreme(-1)],
  ['max', extreme(1)],
  ['count', count],
  ['group', group],
  ['stddev', stddev],
  ['stdvar', stdvar],
  ['quantile', quantile],
]);
