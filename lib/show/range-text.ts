import { parseTime } from '#lib/model/time-range.ts';
import { dateTimeText, dayText, minuteText, zoneOffsetMs } from './time-text.ts';

export const QUICK_RANGES = [
  { from: 'now-5m', label: 'Last 5 minutes' },
  { from: 'now-15m', label: 'Last 15 minutes' },
  { from: 'now-30m', label: 'Last 30 minutes' },
  { from: 'now-1h', label: 'Last 1 hour' },
  { from: 'now-3h', label: 'Last 3 hours' },
  { from: 'now-6h', label: 'Last 6 hours' },
  { from: 'now-12h', label: 'Last 12 hours' },
  { from: 'now-24h', label: 'Last 24 hours' },
  { from: 'now-2d', label: 'Last 2 days' },
  { from: 'now-7d', label: 'Last 7 days' },
] as const;

/** The same in little room: `1h` for the last hour; exact ranges as `rangeText` writes them. */
export function shortRangeText(from: string, to: string, zone: string): string {
  const quick = to === 'now' ? QUICK_RANGES.find((range) => range.from === from) : undefined;
  return quick ? quick.from.slice('now-'.length) : rangeText(from, to, zone);
}

/** A range as people say it: `Last 1 hour`, `Nov 20, 14:05 – 15:05`, `Nov 19, 23:00 – Nov 20, 01:00`. */
export function rangeText(from: string, to: string, zone: string): string {
  const quick = to === 'now' ? QUICK_RANGES.find((range) => range.from === from) : undefined;
  if (quick) return quick.label;
  if (from.startsWith('now') || to.startsWith('now')) return `${endText(from, zone)} to ${endText(to, zone)}`;
  const start = parseTime(from, 0);
  const end = parseTime(to, 0);
  if (start === undefined || end === undefined) return `${from} to ${to}`;
  const sameDay = dayText(start, zone) === dayText(end, zone) && end - start < 86_400_000;
  // Below two minutes the minutes alone would hide the range.
  const write = (at: number) =>
    end - start < 120_000 ? dateTimeText(at, zone) : `${dayText(at, zone)}, ${minuteText(at, zone)}`;
  return `${write(start)} – ${sameDay ? write(end).split(', ')[1] : write(end)}`;
}

function endText(text: string, zone: string): string {
  const at = text.startsWith('now') ? undefined : parseTime(text, 0);
  return at === undefined ? text : dateTimeText(at, zone);
}

/** One end of a range as it stands in an input: `now-6h` as it is, an instant as `2026-11-20 14:05:00` in the zone. */
export function toInput(text: string, zone: string): string {
  const at = text.startsWith('now') ? undefined : parseTime(text, 0);
  return at === undefined
    ? text
    : new Date(at + zoneOffsetMs(at, zone)).toISOString().slice(0, 19).replace('T', ' ');
}

/**
 * What a person typed, as the URL takes it; undefined when it is no time. A date without a zone is read on the
 * zone's clock.
 */
export function fromInput(typed: string, zone: string): string | undefined {
  const text = typed.trim();
  const plain = /^(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2}(?::\d{2})?))?$/.exec(text);
  if (!plain) return parseTime(text, 0) === undefined ? undefined : text;
  const local = Date.parse(`${plain[1]}T${plain[2] ?? '00:00'}Z`);
  if (Number.isNaN(local)) return undefined;
  const guess = local - zoneOffsetMs(local, zone);
  return String(local - zoneOffsetMs(guess, zone));
}
