import type { NativeHistogram } from '#lib/model/native-histogram.ts';

/** One series' samples. */
export interface Columns {
  /** ascending, unique */
  readonly timestamps: Float64Array;
  readonly values: Float64Array;
  readonly histograms?: readonly (NativeHistogram | undefined)[];
}

const wordsOf = (values: Float64Array): Uint32Array =>
  new Uint32Array(values.buffer, values.byteOffset, 2 * values.length);

const ascending = (timestamps: Float64Array): boolean => {
  for (let i = 1; i < timestamps.length; i++)
    if (!((timestamps[i - 1] as number) < (timestamps[i] as number))) return false;
  return true;
};

/** Sorts by time; of equal timestamps the one that stands first stays. */
export function sortColumns(columns: Columns): Columns {
  const { timestamps, values, histograms } = columns;
  if (ascending(timestamps)) return columns;
  const n = timestamps.length;
  const order = Uint32Array.from({ length: n }, (_, i) => i).sort(
    (a, b) => (timestamps[a] as number) - (timestamps[b] as number) || a - b,
  );
  const sortedTimes = new Float64Array(n);
  const sortedValues = new Float64Array(n);
  const sortedHistograms: (NativeHistogram | undefined)[] = [];
  const words = wordsOf(values);
  const out = wordsOf(sortedValues);
  let kept = 0;
  for (const i of order) {
    const at = timestamps[i] as number;
    if (kept > 0 && sortedTimes[kept - 1] === at) continue;
    sortedTimes[kept] = at;
    out[2 * kept] = words[2 * i] as number;
    out[2 * kept + 1] = words[2 * i + 1] as number;
    if (histograms !== undefined) sortedHistograms.push(histograms[i]);
    kept++;
  }
  return {
    timestamps: sortedTimes.subarray(0, kept),
    values: sortedValues.subarray(0, kept),
    ...(histograms && { histograms: sortedHistograms }),
  };
}

/** Joins parts into one; where two hold the same timestamp, the earlier part's sample stays. */
export function joinColumns(parts: readonly Columns[]): Columns | undefined {
  if (parts.length <= 1) return parts[0];
  const total = parts.reduce((sum, p) => sum + p.timestamps.length, 0);
  const timestamps = new Float64Array(total);
  let at = 0;
  for (const part of parts) {
    timestamps.set(part.timestamps, at);
    at += part.timestamps.length;
  }
  return sortColumns({ timestamps, ...joinValues(parts, total) });
}

/** What stands beside the joined timestamps of the parts. */
export function joinValues(parts: readonly Columns[], total: number): Omit<Columns, 'timestamps'> {
  const values = new Float64Array(total);
  // Bytes, not numbers: a NaN's payload must survive.
  const bytes = new Uint8Array(values.buffer);
  let at = 0;
  for (const { values: part } of parts) {
    bytes.set(new Uint8Array(part.buffer, part.byteOffset, part.byteLength), at * 8);
    at += part.length;
  }
  if (parts.every((part) => part.histograms === undefined)) return { values };
  const histograms = parts.flatMap(
    (part) => part.histograms ?? Array.from<undefined>({ length: part.timestamps.length }),
  );
  return { values, histograms };
}

/** First place whose time is at or after `at`. */
export function firstFrom(timestamps: Float64Array, at: number): number {
  let low = 0;
  let high = timestamps.length;
  if (high === 0 || (timestamps[0] as number) >= at) return 0;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((timestamps[middle] as number) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}
