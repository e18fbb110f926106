import type { TimeRange } from '#lib/model/time-range.ts';
import type { PanelModel, PanelSeries } from './panel.ts';
import { fourDigits } from './span-panels.ts';
import { type Steps, stepFor, stepIndex, stepsOf } from './steps.ts';

export const MAX_SERIES = 25;

/** Samples in columns, ascending by time (ms). */
export interface Samples {
  readonly timestamps: ArrayLike<number>;
  readonly values: ArrayLike<number>;
}

/** How the samples of one step become its value. */
export type Fold = 'last' | 'mean' | 'max' | 'rate';

/**
 * One series' value per step. `rate` reads a counter (per second, across resets); the others a gauge. A step
 * without a usable sample is null.
 */
export function foldSamples(data: Samples, steps: Steps, fold: Fold): (number | null)[] {
  const values = new Array<number | null>(steps.count).fill(null);
  const counts = new Array<number>(steps.count).fill(0);
  let before: { at: number; value: number } | undefined;
  for (let i = 0; i < data.timestamps.length; i++) {
    const at = data.timestamps[i] ?? 0;
    const sample = data.values[i] ?? Number.NaN;
    // NaN is a staleness marker or no number: either way nothing to draw.
    if (Number.isNaN(sample)) {
      before = undefined;
      continue;
    }
    const previous = before;
    before = { at, value: sample };
    const value = fold === 'rate' ? rateBetween(previous, before) : sample;
    const step = stepIndex(steps, at);
    if (step === undefined || value === null) continue;
    const old = values[step] ?? null;
    const n = (counts[step] ?? 0) + 1;
    counts[step] = n;
    if (old === null || fold === 'last') values[step] = value;
    else if (fold === 'max') values[step] = Math.max(old, value);
    else values[step] = old + (value - old) / n;
  }
  return values;
}

function rateBetween(
  before: { at: number; value: number } | undefined,
  after: { at: number; value: number },
): number | null {
  if (!before || after.at <= before.at) return null;
  const increase = after.value >= before.value ? after.value - before.value : after.value;
  return (increase * 1000) / (after.at - before.at);
}

/** A step for scraped data: wide enough that a scrape interval of up to a minute leaves no holes between samples. */
export function stepForSamples(range: TimeRange, series: readonly Samples[], points = 240): number {
  const gaps: number[] = [];
  for (const { timestamps } of series.slice(0, 20)) {
    for (let i = 1; i < Math.min(timestamps.length, 50); i++) {
      gaps.push((timestamps[i] ?? 0) - (timestamps[i - 1] ?? 0));
    }
  }
  gaps.sort((a, b) => a - b);
  const typical = gaps[Math.floor(gaps.length / 2)] ?? 0;
  const least = stepFor(range, points);
  // Scrapes drift by a little: a step of exactly one interval would now and then hold none.
  return typical * 1.2 <= least
    ? least
    : Math.max(least, stepFor({ from: 0, to: typical * 1.2 * points }, points));
}

export interface SeriesPanelSpec {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly unit: PanelModel['unit'];
  readonly draw?: PanelModel['draw'];
  readonly promql?: string;
  readonly emptyReason?: string;
}

export interface NamedSeries {
  readonly name: string;
  readonly data: Samples;
  readonly fold: Fold;
  /** Brings the value to the panel's unit; 1 when it is in it already. */
  readonly scale?: number;
}

/** Panel over scraped series: the 25 with the highest peaks, and honestly how many there are. */
export function seriesPanel(
  series: readonly NamedSeries[],
  range: TimeRange,
  spec: SeriesPanelSpec,
): PanelModel {
  const steps = stepsOf(
    range,
    stepForSamples(
      range,
      series.map((s) => s.data),
    ),
  );
  const lines = series
    .map(({ name, data, fold, scale = 1 }): PanelSeries & { peak: number } => {
      const values = foldSamples(data, steps, fold).map((value) =>
        value === null ? null : fourDigits(value * scale),
      );
      return {
        name,
        key: name,
        values,
        peak: Math.max(...values.map((value) => value ?? Number.NEGATIVE_INFINITY)),
      };
    })
    .filter((line) => line.peak > Number.NEGATIVE_INFINITY);
  const shown =
    lines.length > MAX_SERIES ? lines.toSorted((a, b) => b.peak - a.peak).slice(0, MAX_SERIES) : lines;
  const { id, title, description, unit, draw = 'line', promql } = spec;
  return {
    id,
    title,
    description,
    unit,
    draw,
    ...(promql === undefined ? {} : { promql }),
    range: { from: range.from, to: range.to },
    times: steps.times,
    series: shown.map(({ name, key, values }) => ({ name, key, values })),
    seriesTotal: lines.length,
    markers: [],
    thresholds: [],
    ...(shown.length > 0
      ? {}
      : {
          empty: {
            reason: spec.emptyReason ?? 'No samples in this time range.',
            action: { label: 'Connect metrics', href: '/connect#prometheus' },
          },
        }),
  };
}
