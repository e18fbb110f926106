/** A block of samples never reaches over a multiple of this, unless it is a whole day's. */
export const CHUNK_BLOCK_MS = 2 * 3_600_000;
/** Days that are over: their blocks are joined. */
export const DAY_BLOCK_MS = 24 * 3_600_000;
/** Resolutions of rollups, the finest first, ms. */
export const ROLLUPS_MS = [300_000, 3_600_000] as const;
/** Nor do the rows of span and statement statistics reach over a multiple of this. */
export const STATISTICS_BLOCK_MS = 3_600_000;
/** Facts about the store that the writer keeps beside the data. */
export const META = {
  compactedTo: 'compacted-to',
  /** Set while a compaction writes: the horizon it started from. */
  unfinished: 'unfinished-compaction-after',
  /** Blocks of time that are not all joined, see writer/unmerged.ts */
  unmerged: 'unmerged-metrics',
  arrived: 'arrived',
} as const;

/** Start of the block that a time falls into. */
export const blockOf = (at: number, size: number): number => Math.floor(at / size) * size;

const LARGEST = 2 ** 53;

/** A time (ms since the epoch) as a database column: whole, and clamped, so that an open range may be infinite. */
export const columnTime = (ms: number, round: (ms: number) => number = Math.floor): bigint =>
  BigInt(Math.max(-LARGEST, Math.min(LARGEST, round(ms))));
