export interface RateKind {
  /** Falling values are resets, and the extrapolation stops at zero. */
  readonly counter: boolean;
  /** Per second instead of over the window. */
  readonly perSecond: boolean;
}

/**
 * By how much the change between two samples grows when their slope goes on to the window's edges. An edge further
 * away than 1.1 mean sample distances counts as half a distance: the series began or ended inside the window.
 * A counter is not followed below zero. All times in ms.
 */
export function extrapolation(
  start: number,
  end: number,
  from: number,
  to: number,
  intervals: number,
  counter: boolean,
  first: number,
  change: number,
): number {
  const sampled = (to - from) / 1000;
  const mean = sampled / intervals;
  const threshold = mean * 1.1;
  let before = (from - start) / 1000;
  let after = (end - to) / 1000;
  if (before >= threshold) before = mean / 2;
  if (counter && change > 0 && first >= 0) {
    const toZero = sampled * (first / change);
    if (toZero < before) before = toZero;
  }
  if (after >= threshold) after = mean / 2;
  return (sampled + before + after) / sampled;
}
