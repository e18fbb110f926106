import type { Unit } from './panel.ts';

/** How a number is written once its scale is chosen: `value * factor`, then the suffix. */
export interface Scale {
  readonly factor: number;
  readonly suffix: string;
}

const BYTES = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
const SHORT: readonly [number, string][] = [
  [1e12, ' T'],
  [1e9, ' G'],
  [1e6, ' M'],
  [1e3, ' k'],
];

/** The scale that suits values about as large as `size`. Durations of a minute and more have none: see `formatDuration`. */
export function scaleFor(size: number, unit: Unit): Scale {
  const at = Math.abs(size);
  switch (unit) {
    case 'ms':
      return durationScale(at);
    case 's': {
      const scale = durationScale(at * 1000);
      return { factor: scale.factor * 1000, suffix: scale.suffix };
    }
    case 'bytes':
    case 'bytes-per-second': {
      const power = at < 1 ? 0 : Math.min(BYTES.length - 1, Math.floor(Math.log(at) / Math.log(1024)));
      return {
        factor: 1024 ** -power,
        suffix: ` ${BYTES[power] ?? 'B'}${unit === 'bytes' ? '' : '/s'}`,
      };
    }
    case 'ratio':
      return { factor: 100, suffix: ' %' };
    case 'count':
    case 'number':
    case 'per-second':
    case 'rows': {
      const tail = unit === 'per-second' ? '/s' : unit === 'rows' ? ' rows' : '';
      const short = at < 10_000 ? undefined : SHORT.find(([limit]) => at >= limit);
      const suffix = short ? short[1] : unit === 'per-second' ? ' ' : '';
      return { factor: short ? 1 / short[0] : 1, suffix: suffix + tail };
    }
  }
}

function durationScale(ms: number): Scale {
  if (ms >= 1000) return { factor: 1e-3, suffix: ' s' };
  if (ms >= 1 || ms === 0) return { factor: 1, suffix: ' ms' };
  return { factor: 1e3, suffix: ' µs' };
}

/**
 * A number with its unit, to about three significant digits: `350 ms`, `1.25 s`, `5d 5m`, `1.2 MiB`, `12.3 /s`, `0.4 %`.
 * Nothing to write (null, NaN) is `–`.
 */
export function formatValue(value: number | null | undefined, unit: Unit): string {
  if (value === null || value === undefined || Number.isNaN(value)) return '–';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  const ms = unit === 'ms' ? value : unit === 's' ? value * 1000 : undefined;
  if (ms !== undefined && Math.abs(ms) >= 59_950) return formatDuration(ms);
  if (unit === 'ratio' && value > 0 && value < 0.0001) return '<0.01 %';
  if (unit === 'rows' && value === 1) return '1 row';
  // 999.6 ms would be written as 1000 ms: round first, then choose the scale.
  const inBytes = unit === 'bytes' || unit === 'bytes-per-second';
  const rounded = inBytes ? value : Number(value.toPrecision(3));
  const whole = (unit === 'count' || unit === 'rows') && Math.abs(value) < 10_000 && Number.isInteger(value);
  const scale = scaleFor(whole ? value : rounded, unit);
  const scaled = (whole ? value : rounded) * scale.factor;
  return sign(whole ? group(scaled) : group(threeDigits(scaled))) + scale.suffix;
}

/** Three significant digits, but never fewer than the whole part has. */
function threeDigits(value: number): number {
  return Math.abs(value) >= 1000 ? Math.round(value) : Number(value.toPrecision(3));
}

function group(value: number): string {
  const at = Math.abs(value);
  // Three decimals would write a small number as 0.
  const isSmall = at >= 1e-6 && at < 0.01;
  return value.toLocaleString(
    'en-US',
    isSmall ? { maximumSignificantDigits: 3 } : { maximumFractionDigits: 3 },
  );
}

function sign(text: string): string {
  return text.startsWith('-') ? `−${text.slice(1)}` : text;
}

const PARTS: readonly [number, string][] = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'm'],
  [1000, 's'],
];

/** A length of time by its two largest parts that are not zero: `2m 5s`, `5d 5m`; below a minute as `formatValue` writes it. */
export function formatDuration(ms: number): string {
  if (Math.abs(ms) < 59_500) return formatValue(ms, 'ms');
  let rest = Math.abs(Math.round(ms / 1000) * 1000);
  const words: string[] = [];
  for (const [size, name] of PARTS) {
    const n = Math.floor(rest / size);
    rest -= n * size;
    if (n > 0 && words.length < 2) words.push(`${n}${name}`);
  }
  return (ms < 0 ? '−' : '') + words.join(' ');
}

/** All ticks of an axis in one scale and with as many decimals as their distance needs: `0 ms, 50 ms`, `0.5 %, 1.0 %`. */
export function formatTicks(ticks: readonly number[], unit: Unit): string[] {
  const top = Math.max(...ticks.map(Math.abs), 0);
  const scale = scaleFor(top, unit);
  const factorMs = unit === 's' ? 1000 : 1;
  if ((unit === 'ms' || unit === 's') && top * factorMs >= 60_000) {
    return ticks.map((tick) => (tick === 0 ? '0' : formatDuration(tick * factorMs)));
  }
  const step = Math.abs((ticks[1] ?? 0) - (ticks[0] ?? 0)) * scale.factor;
  const decimals = step > 0 ? Math.min(6, decimalsOf(step)) : 0;
  return ticks.map(
    (tick) =>
      sign(
        (tick * scale.factor).toLocaleString('en-US', {
          minimumFractionDigits: decimals,
          maximumFractionDigits: decimals,
        }),
      ) + scale.suffix,
  );
}

function decimalsOf(step: number): number {
  for (let d = 0; d < 6; d++) if (Math.abs(step * 10 ** d - Math.round(step * 10 ** d)) < 1e-6) return d;
  return 6;
}

/** How long ago: `just now`, `45 s ago`, `3 min ago`, `5 h ago`, `12 d ago`. */
export function formatAgo(at: number, now: number): string {
  const seconds = Math.round((now - at) / 1000);
  if (seconds < 5) return 'just now';
  if (seconds < 90) return `${seconds} s ago`;
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min ago`;
  if (seconds < 48 * 3600) return `${Math.round(seconds / 3600)} h ago`;
  return `${Math.round(seconds / 86_400)} d ago`;
}

/** A change against a baseline: `+35 %`, `−12 %`, `×4.2` from doubling on. Undefined when there is no baseline. */
export function formatChange(value: number, baseline: number): string | undefined {
  if (!(baseline > 0) || !Number.isFinite(value)) return undefined;
  const times = value / baseline;
  if (times >= 2) return `×${Number(times.toPrecision(2))}`;
  const percent = Math.round((times - 1) * 100);
  return percent === 0 ? '±0 %' : percent > 0 ? `+${percent} %` : `−${-percent} %`;
}
