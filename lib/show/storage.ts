import type { Arrival } from './arrival.ts';
import type { PanelModel } from './panel.ts';

export interface NamedNumber {
  readonly name: string;
  readonly count: number;
}

/** Series that began and that ended within one hour. */
export interface ChurnHour {
  /** Start of the hour, ms since the epoch. */
  readonly at: number;
  readonly born: number;
  readonly ended: number;
}

export interface StorageModel {
  /** ms since the epoch: when the server answered */
  readonly now: number;
  readonly backend: 'sqlite' | 'postgresql';
  /** On disk, all signals together. */
  readonly bytes: number;
  readonly arrivals: readonly Arrival[];
  /** Metric samples taken since the store was created. */
  readonly samples: number;
  /** Undefined while nothing watches the app itself. */
  readonly samplesPerSecond: number | undefined;
  readonly activeSeries: number;
  readonly labelPairs: number;
  /** Samples in memory, not packed yet. */
  readonly headSamples: number;
  /** ms since the epoch */
  readonly oldest: number | undefined;
  readonly newest: number | undefined;
  readonly seriesByMetric: readonly NamedNumber[];
  readonly valuesByLabel: readonly NamedNumber[];
  readonly bytesByLabel: readonly NamedNumber[];
  readonly seriesByPair: readonly NamedNumber[];
  readonly churn: readonly ChurnHour[];
  /** Samples refused in the last hour by reason; undefined while nothing watches the app itself. */
  readonly rejected: readonly NamedNumber[] | undefined;
  /** Samples per second as they arrived. */
  readonly arriving: PanelModel | undefined;
  readonly size: PanelModel | undefined;
}

/** The server's settings that bound the store; lengths of time in words. */
export interface StorageLimits {
  readonly samples: string;
  readonly fiveMinutes: string;
  readonly oneHour: string;
  readonly maxSeries: number;
}

const HOUR_MS = 3_600_000;
const HOURS = 24;

/** The last 24 hours with what began and ended in each; an hour that is not told had neither. */
export function churnOf(
  born: readonly (readonly [number, number])[],
  ended: readonly (readonly [number, number])[],
  now: number,
): ChurnHour[] {
  if (born.length === 0 && ended.length === 0) return [];
  const bornAt = new Map(born);
  const endedAt = new Map(ended);
  const last = Math.floor(now / HOUR_MS) * HOUR_MS;
  return Array.from({ length: HOURS }, (_, i) => {
    const at = last - (HOURS - 1 - i) * HOUR_MS;
    return { at, born: bornAt.get(at) ?? 0, ended: endedAt.get(at) ?? 0 };
  });
}

/** A label with this share of all series as values gives nearly each series a value of its own. */
const EXPLODING_SHARE = 0.3;
const LEAST_VALUES = 100;

/** The label that makes most of the series, if one does: an id, an address, a timestamp in a label. */
export function explodingLabel(
  model: Pick<StorageModel, 'valuesByLabel' | 'activeSeries'>,
): NamedNumber | undefined {
  return model.valuesByLabel
    .filter(({ name }) => name !== '__name__' && name !== 'le')
    .find(({ count }) => count >= LEAST_VALUES && count >= model.activeSeries * EXPLODING_SHARE);
}

/** PromQL that shows which metrics a label multiplies. */
export function seriesPerMetricWith(label: string): string {
  const name = /^[a-zA-Z_]\w*$/.test(label) ? label : JSON.stringify(label);
  return `topk(10, count by (__name__) ({${name}!=""}))`;
}

/** PromQL that counts one metric's series by the values of its labels. */
export function seriesOfMetric(metric: string): string {
  return `count({__name__=${JSON.stringify(metric)}})`;
}

/** `15d` of keeping in words. @param ms undefined keeps everything */
export function keptFor(ms: number | undefined): string {
  if (ms === undefined) return 'for ever';
  const units: readonly (readonly [number, string])[] = [
    [86_400_000, 'day'],
    [3_600_000, 'hour'],
    [60_000, 'minute'],
    [1000, 'second'],
  ];
  const [size, word] = units.find(([unit]) => ms >= unit && ms % unit === 0) ?? [1000, 'second'];
  const count = ms / size;
  return `for ${count} ${word}${count === 1 ? '' : 's'}`;
}
