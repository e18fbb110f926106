import { valueAxis } from './axis.ts';
import { formatDuration } from './format.ts';

export interface DurationAxis {
  readonly ticks: readonly { readonly at: number; readonly label: string }[];
  /** Where a duration (ms) stands, 0 at the bottom to 1 at the top. */
  place(ms: number): number;
}

/** From this ratio of the longest to the middle on, a linear axis would press most points flat. */
const SPREAD = 20;
const LEAST_MS = 0.001;

/** Linear from zero; by powers of ten where a few durations are far longer than most. */
export function durationAxis(durations: readonly number[]): DurationAxis {
  const sorted = durations.toSorted((a, b) => a - b);
  const top = sorted.at(-1) ?? 0;
  const middle = sorted[Math.floor(sorted.length / 2)] ?? 0;
  if (top > LEAST_MS && top > middle * SPREAD) return logarithmic(sorted[0] ?? 0, top);
  const axis = valueAxis(0, top, 'ms');
  return {
    ticks: axis.ticks.map((value, i) => ({ at: value / axis.max, label: axis.labels[i] ?? '' })),
    place: (ms) => ms / axis.max,
  };
}

function logarithmic(low: number, top: number): DurationAxis {
  const first = Math.floor(Math.log10(Math.max(low, LEAST_MS)));
  const last = Math.max(first + 1, Math.ceil(Math.log10(top)));
  const place = (ms: number) =>
    Math.max(0, Math.min(1, (Math.log10(Math.max(ms, LEAST_MS)) - first) / (last - first)));
  const powers = Array.from({ length: last - first + 1 }, (_, i) => 10 ** (first + i));
  return { ticks: powers.map((ms) => ({ at: place(ms), label: formatDuration(ms) })), place };
}
