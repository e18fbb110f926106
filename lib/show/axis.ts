import type { TimeRange } from '#lib/model/time-range.ts';
import { formatTicks } from './format.ts';
import type { PanelModel, Unit } from './panel.ts';
import { clockText, dayText, minuteText, zoneOffsetMs } from './time-text.ts';

export interface ValueAxis {
  readonly min: number;
  readonly max: number;
  readonly ticks: readonly number[];
  readonly labels: readonly string[];
}

const TIME_STEPS_S = [60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400];

/** Distance of ticks that a person counts in: 1, 2, 2.5, 5 × 10ⁿ; powers of 1024 for bytes; clock steps for durations over a minute. */
function niceStep(rough: number, top: number, unit: Unit): number {
  if (unit === 'bytes' || unit === 'bytes-per-second') {
    const base = 1024 ** Math.max(0, Math.floor(Math.log(top) / Math.log(1024)));
    return niceDecimal(rough / base) * base;
  }
  const inSeconds = unit === 'ms' ? 1000 : unit === 's' ? 1 : undefined;
  if (inSeconds !== undefined && top / inSeconds >= 60) {
    const found = TIME_STEPS_S.find((step) => step * inSeconds >= rough);
    if (found !== undefined) return found * inSeconds;
  }
  const step = niceDecimal(rough);
  return unit === 'count' || unit === 'rows' ? Math.max(1, Math.round(step)) : step;
}

function niceDecimal(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const lead = rough / power;
  const nice = lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 2.5 ? 2.5 : lead <= 5 ? 5 : 10;
  return nice * power;
}

/** Ticks from zero (or the lowest value, when negative) to just above the largest value. */
export function valueAxis(low: number, high: number, unit: Unit, count = 4): ValueAxis {
  const bottom = low < -1e-9 ? low : 0;
  let top = high;
  if (unit === 'ratio' && top > 0.5 && top <= 1) top = 1;
  // A flat line at zero still needs a scale; a tiny one keeps small error ratios readable.
  if (!(top - bottom > 1e-9)) top = bottom + (unit === 'ratio' ? 0.01 : 1);
  const step = niceStep((top - bottom) / count, Math.max(Math.abs(top), Math.abs(bottom)), unit);
  const first = Math.floor(bottom / step);
  const last = Math.ceil(top / step - 1e-9);
  const ticks: number[] = [];
  for (let i = first; i <= last; i++) ticks.push(Number((i * step).toPrecision(12)));
  return { min: first * step, max: last * step, ticks, labels: formatTicks(ticks, unit) };
}

/** Lowest and highest value that the shown series reach; stacked series are summed per point. */
export function extent(panel: PanelModel, shown: ReadonlySet<string>): { low: number; high: number } {
  let low = 0;
  let high = 0;
  const series = panel.series.filter((s) => shown.has(s.key));
  panel.times.forEach((_, i) => {
    let stack = 0;
    for (const { values } of series) {
      const value = values[i] ?? null;
      if (value === null) continue;
      stack = panel.draw === 'stacked' ? stack + value : value;
      if (stack > high) high = stack;
      if (stack < low) low = stack;
    }
  });
  for (const { value } of panel.thresholds) if (value > high && value <= high * 3) high = value;
  return { low, high };
}

export interface TimeTick {
  readonly at: number;
  readonly label: string;
}

const S = 1000;
const M = 60 * S;
const H = 60 * M;
const D = 24 * H;
const CLOCK_STEPS = [
  S,
  2 * S,
  5 * S,
  10 * S,
  15 * S,
  30 * S,
  M,
  2 * M,
  5 * M,
  10 * M,
  15 * M,
  30 * M,
  H,
  2 * H,
  3 * H,
  6 * H,
  12 * H,
  D,
  2 * D,
  7 * D,
  14 * D,
  28 * D,
  91 * D,
  364 * D,
];

/** At most `count` ticks on round times of the reader's own clock. */
export function timeTicks(range: TimeRange, count: number, zone: string): TimeTick[] {
  const least = (range.to - range.from) / Math.max(1, count);
  const step = CLOCK_STEPS.find((s) => s >= least) ?? 364 * D;
  const ticks: TimeTick[] = [];
  const offset = zoneOffsetMs(range.from, zone);
  let local = Math.ceil((range.from + offset) / step) * step;
  for (; ; local += step) {
    // The offset may change within the range (daylight saving): ask again at the tick itself.
    const at = local - zoneOffsetMs(local - offset, zone);
    if (at > range.to) return ticks;
    if (at >= range.from) ticks.push({ at, label: tickLabel(at, local, step, zone) });
  }
}

function tickLabel(at: number, local: number, step: number, zone: string): string {
  if (step >= D || local % D === 0) return dayText(at, zone);
  return step < M ? clockText(at, zone) : minuteText(at, zone);
}
