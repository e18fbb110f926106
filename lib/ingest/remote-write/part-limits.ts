/** How much of a body is decoded at once. */
export interface PartLimits {
  readonly bytes: number;
  /** That are not known yet, or no good. */
  readonly series: number;
}

export const PART_LIMITS: PartLimits = { bytes: 2 * 1024 * 1024, series: 1000 };
export const WHOLE: PartLimits = { bytes: Number.POSITIVE_INFINITY, series: Number.POSITIVE_INFINITY };
