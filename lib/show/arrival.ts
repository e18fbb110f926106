/** What of one signal has come in since the store was created. */
export interface Arrival {
  readonly signal: 'metrics' | 'spans' | 'statements' | 'events';
  readonly count: number;
  /** ms since the epoch; undefined when nothing came yet */
  readonly last: number | undefined;
}

const ORDER = ['metrics', 'spans', 'statements', 'events'] as const;

export function arrivals(
  arrived: Readonly<Record<Arrival['signal'], { readonly count: number; readonly last: number | undefined }>>,
): Arrival[] {
  return ORDER.map((signal) => ({ signal, ...arrived[signal] }));
}

const FRESH_MS = 2 * 60_000;

/** `flowing` within the last two minutes, `quiet` when it once came, `missing` when it never did. */
export function arrivalState(arrival: Arrival, now: number): 'flowing' | 'quiet' | 'missing' {
  if (arrival.last === undefined || arrival.count === 0) return 'missing';
  return now - arrival.last <= FRESH_MS ? 'flowing' : 'quiet';
}
