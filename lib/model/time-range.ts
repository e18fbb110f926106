import { Fault } from './fault.ts';

/** Milliseconds since the epoch, `from` < `to`. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

const UNIT_MS: Record<string, number> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  y: 31_536_000_000,
};

/** `90s`, `5m`, `1h30m`, `15d` → ms. Undefined when it is not a duration. */
export function parseDuration(text: string): number | undefined {
  if (!/^(?:\d+(?:\.\d+)?(?:ms|[smhdwy]))+$/.test(text)) return undefined;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|[smhdwy])/g))
    total += Number(amount) * (UNIT_MS[unit ?? ''] ?? 0);
  return total;
}

/**
 * One end of a range as Grafana's links write it: `now`, `now-6h`, `now-1d/d`, epoch milliseconds, ISO 8601.
 * @param roundUp for `to`: `/d` means the end of the day instead of its start (UTC)
 */
export function parseTime(text: string, now: number, roundUp = false): number | undefined {
  const relative = /^now(?:([+-])([^/]+))?(?:\/([smhdw]))?$/.exec(text);
  if (relative) {
    const [, sign, amount, unit] = relative;
    const shift = amount === undefined ? 0 : parseDuration(amount);
    if (shift === undefined) return undefined;
    const at = now + (sign === '-' ? -shift : shift);
    if (unit === undefined) return at;
    const size = UNIT_MS[unit] ?? 1;
    // Weeks start on Monday; the epoch was a Thursday.
    const shiftToMonday = unit === 'w' ? 3 * 86_400_000 : 0;
    const floor = Math.floor((at + shiftToMonday) / size) * size - shiftToMonday;
    return roundUp ? floor + size - 1 : floor;
  }
  if (/^-?\d{1,16}$/.test(text)) return Number(text);
  const parsed = /^\d{4}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(parsed) ? undefined : parsed;
}

/** Both ends from one `now`. Throws a 400 `Fault` that names the parameter. */
export function parseTimeRange(
  from: string | null | undefined,
  to: string | null | undefined,
  now: number,
  fallback = 'now-1h',
): TimeRange {
  const start = parseTime(from || fallback, now);
  const end = parseTime(to || 'now', now, true);
  const hint = 'write now-6h, epoch milliseconds or an ISO 8601 time';
  if (start === undefined) throw new Fault(400, 'bad-time', `'from' is not a time: '${from}'; ${hint}`);
  if (end === undefined) throw new Fault(400, 'bad-time', `'to' is not a time: '${to}'; ${hint}`);
  if (start >= end)
    throw new Fault(
      400,
      'bad-range',
      `'from' (${new Date(start).toISOString()}) is not before 'to' (${new Date(end).toISOString()}); swap or widen them`,
    );
  return { from: start, to: end };
}
