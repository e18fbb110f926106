/** φ-quantile of values[0 … count), which it sorts; NaN counts as the smallest. Linear between neighbours. */
export function quantileOf(q: number, values: Float64Array, count: number): number {
  if (count === 0 || Number.isNaN(q)) return Number.NaN;
  if (q < 0) return Number.NEGATIVE_INFINITY;
  if (q > 1) return Number.POSITIVE_INFINITY;
  const sorted = values.subarray(0, count).sort();
  // Typed arrays sort NaN to the end.
  let numbers = count;
  while (numbers > 0 && Number.isNaN(sorted[numbers - 1])) numbers--;
  const missing = count - numbers;
  const at = (index: number): number => (index < missing ? Number.NaN : (sorted[index - missing] ?? 0));
  const rank = q * (count - 1);
  const lower = Math.max(0, Math.floor(rank));
  const upper = Math.min(count - 1, lower + 1);
  const weight = rank - Math.floor(rank);
  return at(lower) * (1 - weight) + at(upper) * weight;
}
