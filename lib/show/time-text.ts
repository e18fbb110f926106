/** What a zone's clock shows at an instant, as if it were UTC, minus that instant (ms): +3,600,000 for UTC+1. */
export function zoneOffsetMs(at: number, zone: string): number {
  if (zone === 'UTC') return 0;
  const parts = partsFormat(zone).formatToParts(at);
  const get = (type: string) => Number(parts.find((part) => part.type === type)?.value ?? 0);
  const local = Date.UTC(
    get('year'),
    get('month') - 1,
    get('day'),
    get('hour'),
    get('minute'),
    get('second'),
  );
  return local - Math.floor(at / 1000) * 1000;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function partsFormat(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formats.set(zone, format);
  }
  return format;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A Date whose UTC fields are the zone's local fields. */
function local(at: number, zone: string): Date {
  return new Date(at + zoneOffsetMs(at, zone));
}

function two(n: number): string {
  return String(n).padStart(2, '0');
}

/** `14:05:09` */
export function clockText(at: number, zone: string): string {
  const d = local(at, zone);
  return `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}:${two(d.getUTCSeconds())}`;
}

/** `14:05` */
export function minuteText(at: number, zone: string): string {
  return clockText(at, zone).slice(0, 5);
}

/** `Nov 20` */
export function dayText(at: number, zone: string): string {
  const d = local(at, zone);
  return `${MONTHS[d.getUTCMonth()] ?? ''} ${d.getUTCDate()}`;
}

/** `Nov 20, 14:05:09` */
export function dateTimeText(at: number, zone: string): string {
  return `${dayText(at, zone)}, ${clockText(at, zone)}`;
}

/** `2026-11-20 14:05:09.250`, for tables and files. */
export function isoText(at: number, zone: string): string {
  return new Date(at + zoneOffsetMs(at, zone)).toISOString().replace('T', ' ').slice(0, -1);
}
