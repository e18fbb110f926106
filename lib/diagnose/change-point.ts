export interface ChangePoint {
  /** first index of the new regime */
  readonly index: number;
  /** two-sided, approximate */
  readonly p: number;
  /** +1 up, −1 down */
  readonly direction: 1 | -1;
}

/**
 * The most likely single shift of level: Pettitt's rank test (Applied Statistics 28, 1979), which needs no
 * distribution and is not moved by single spikes. Undefined for fewer than 6 points.
 */
export function changePoint(values: readonly number[]): ChangePoint | undefined {
  const n = values.length;
  if (n < 6) return undefined;
  const ranks = midRanks(values);
  let sum = 0;
  let best = 0;
  let at = 0;
  for (let t = 1; t < n; t++) {
    sum += ranks[t - 1] ?? 0;
    const u = 2 * sum - t * (n + 1);
    if (Math.abs(u) > Math.abs(best)) {
      best = u;
      at = t;
    }
  }
  if (best === 0) return undefined;
  const p = Math.min(1, 2 * Math.exp((-6 * best * best) / (n ** 3 + n ** 2)));
  return { index: at, p, direction: best < 0 ? 1 : -1 };
}

function midRanks(values: readonly number[]): number[] {
  const order = values.map((value, index) => ({ value, index })).sort((a, b) => a.value - b.value);
  const ranks = new Array<number>(values.length).fill(0);
  for (let i = 0; i < order.length; ) {
    let j = i;
    while (j + 1 < order.length && order[j + 1]?.value === order[i]?.value) j++;
    for (let k = i; k <= j; k++) ranks[order[k]?.index ?? 0] = (i + j) / 2 + 1;
    i = j + 1;
  }
  return ranks;
}

/**
 * When a rise began: the first point from which the level stays above `limit`, looking back from the last point
 * above it and forgiving one dip. The edge of the asked window is not trusted: pass more than the window.
 */
export function onsetAbove(
  times: ArrayLike<number>,
  values: ArrayLike<number>,
  limit: number,
): number | undefined {
  let last = values.length - 1;
  while (last >= 0 && (values[last] ?? 0) <= limit) last--;
  if (last < 0) return undefined;
  let first = last;
  for (let i = last - 1, dips = 0; i >= 0; i--) {
    if ((values[i] ?? 0) > limit) {
      first = i;
      dips = 0;
    } else if (++dips > 1) break;
  }
  return times[first];
}
