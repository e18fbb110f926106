type Elementwise = (value: number) => number;

const SECOND_MS = 1000;

/** A calendar part (UTC) of seconds since the epoch; NaN outside the calendar. */
const datePart =
  (part: (date: Date) => number): Elementwise =>
  (seconds) =>
    part(new Date(Math.trunc(seconds) * SECOND_MS));

const DAY_MS = 86_400_000;

/** Functions of one number, by name. */
export const MATH: ReadonlyMap<string, Elementwise> = new Map<string, Elementwise>([
  ['abs', Math.abs],
  ['ceil', Math.ceil],
  ['exp', Math.exp],
  ['floor', Math.floor],
  ['ln', Math.log],
  ['log10', Math.log10],
  ['log2', Math.log2],
  ['sgn', Math.sign],
  ['sqrt', Math.sqrt],
  ['acos', Math.acos],
  ['acosh', Math.acosh],
  ['asin', Math.asin],
  ['asinh', Math.asinh],
  ['atan', Math.atan],
  ['atanh', Math.atanh],
  ['cos', Math.cos],
  ['cosh', Math.cosh],
  ['sin', Math.sin],
  ['sinh', Math.sinh],
  ['tan', Math.tan],
  ['tanh', Math.tanh],
  ['deg', (v) => (v * 180) / Math.PI],
  ['rad', (v) => (v * Math.PI) / 180],
]);

/** Functions of a time in seconds; without an argument they take the evaluation time. */
export const DATE_PARTS: ReadonlyMap<string, Elementwise> = new Map<string, Elementwise>([
  ['minute', datePart((d) => d.getUTCMinutes())],
  ['hour', datePart((d) => d.getUTCHours())],
  ['day_of_week', datePart((d) => d.getUTCDay())],
  ['day_of_month', datePart((d) => d.getUTCDate())],
  [
    'day_of_year',
    datePart((d) => Math.floor((d.getTime() - Date.UTC(d.getUTCFullYear(), 0, 1)) / DAY_MS) + 1),
  ],
  [
    'days_in_month',
    datePart((d) => new Date(Date.UTC(d.getUTCFullYear(), d.getUTCMonth() + 1, 0)).getUTCDate()),
  ],
  ['month', datePart((d) => d.getUTCMonth() + 1)],
  ['year', datePart((d) => d.getUTCFullYear())],
]);

/** Nearest multiple of `to`, halves up. */
export function roundTo(value: number, to: number): number {
  const inverse = 1 / to;
  return Math.floor(value * inverse + 0.5) / inverse;
}

/** Go's math.Max: infinity wins even over NaN. */
export function maximum(a: number, b: number): number {
  const infinity = Number.POSITIVE_INFINITY;
  return a === infinity || b === infinity ? infinity : Math.max(a, b);
}

/** Go's math.Min: negative infinity wins even over NaN. */
export function minimum(a: number, b: number): number {
  return -maximum(-a, -b);
}
