/** A range query's result, as the Prometheus API gives it. */
export type Matrix = readonly {
  readonly metric: Readonly<Record<string, string>>;
  readonly values?: readonly (readonly [number, string])[];
}[];

/** How far two answers are apart: the largest relative difference of a value, or what one of them lacks. */
export function apart(a: Matrix, b: Matrix): string {
  const [ours, theirs] = [byKey(a), byKey(b)];
  const lacking = [...ours.keys()].filter((key) => !theirs.has(key)).length;
  const extra = [...theirs.keys()].filter((key) => !ours.has(key)).length;
  if (lacking + extra > 0) return `${lacking} series less, ${extra} more`;
  let points = 0;
  let most = 0;
  for (const [key, values] of ours) {
    const other = theirs.get(key) ?? new Map();
    for (const [time, value] of values) {
      const theirsAt = other.get(time);
      if (theirsAt === undefined) points++;
      else most = Math.max(most, difference(value, theirsAt));
    }
    for (const time of other.keys()) if (!values.has(time)) points++;
  }
  return points > 0 ? `${points} points` : most === 0 ? '0' : most.toExponential(1);
}

function difference(a: number, b: number): number {
  if (Object.is(a, b) || a === b) return 0;
  const size = Math.max(Math.abs(a), Math.abs(b));
  return Number.isFinite(size) ? Math.abs(a - b) / size : Number.POSITIVE_INFINITY;
}

function byKey(matrix: Matrix): Map<string, Map<number, number>> {
  return new Map(
    matrix.map(({ metric, values = [] }) => [
      JSON.stringify(Object.entries(metric).sort(([a], [b]) => (a < b ? -1 : 1))),
      new Map(
        values.map(([time, text]) => [
          time,
          Number(text === '+Inf' ? 'Infinity' : text === '-Inf' ? '-Infinity' : text),
        ]),
      ),
    ]),
  );
}
