import { labelValue, METRIC_NAME } from '#lib/model/labels.ts';
import type { SeriesRef } from '#lib/model/metrics.ts';
import { type MetricBatch, wordsOf } from '#lib/model/metrics.ts';
import type { Rejection } from '../store.ts';

/** How far a sample's clock may be ahead of ours. */
export const MAX_AHEAD_MS = 10 * 60_000;

/** Beyond this (35,000 years) a time is no time, and could not be stored exactly. */
const MAX_TIME = 2 ** 50;

export interface TimeBounds {
  /** Samples before this are too old; undefined: none is. */
  readonly oldest: number | undefined;
  readonly now: number;
}

/** `90 s` as `1m30s`, at most two units. */
export function durationText(ms: number): string {
  const units: [string, number][] = [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['m', 60_000],
    ['s', 1000],
  ];
  let rest = Math.floor(ms / 1000) * 1000;
  const parts: string[] = [];
  for (const [unit, size] of units) {
    if (parts.length === 2) break;
    const n = Math.floor(rest / size);
    if (n > 0) parts.push(`${n}${unit}`);
    rest -= n * size;
  }
  return parts.join('') || '0s';
}

const nameOf = (ref: SeriesRef | undefined): string =>
  (ref && labelValue(ref.labels, METRIC_NAME)) || 'a series without a name';

/**
 * Splits a batch by its timestamps, which become whole milliseconds. The batch itself comes back when all of it
 * is fine, which is the usual case.
 */
export function withinTime(
  batch: MetricBatch,
  bounds: TimeBounds,
): { batch: MetricBatch; rejected: Rejection[] } {
  const oldest = Math.max(bounds.oldest ?? Number.NEGATIVE_INFINITY, -MAX_TIME);
  const newest = bounds.now + MAX_AHEAD_MS;
  const { timestamps } = batch;
  const total = timestamps.length;
  let bad = 0;
  let fractions = 0;
  for (let i = 0; i < total; i++) {
    const at = timestamps[i] as number;
    // Written so that NaN counts as bad.
    if (!(at >= oldest && at <= newest)) bad++;
    else if (!Number.isInteger(at)) fractions++;
  }
  if (bad === 0 && fractions === 0) return { batch, rejected: [] };

  const words = wordsOf(batch.values);
  const keptTimes = new Float64Array(total - bad);
  const keptValues = new Float64Array(total - bad);
  const keptWords = wordsOf(keptValues);
  const series: SeriesRef[] = [];
  const offsets = [0];
  const old = { count: 0, example: '' };
  const ahead = { count: 0, example: '' };
  let kept = 0;
  for (let s = 0; s < batch.series.length; s++) {
    for (let i = batch.offsets[s] as number; i < (batch.offsets[s + 1] as number); i++) {
      const at = timestamps[i] as number;
      if (at >= oldest && at <= newest) {
        keptTimes[kept] = Math.round(at);
        keptWords[2 * kept] = words[2 * i] as number;
        keptWords[2 * kept + 1] = words[2 * i + 1] as number;
        kept++;
      } else if (at > newest) {
        if (ahead.count++ === 0)
          ahead.example = `'${nameOf(batch.series[s])}' is ${durationText(at - bounds.now)} ahead of server clock; at most ${durationText(MAX_AHEAD_MS)} is taken: set the sender's clock`;
      } else if (old.count++ === 0) {
        old.example = `'${nameOf(batch.series[s])}' is ${durationText(bounds.now - at)} old; retention keeps ${durationText(bounds.now - oldest)} (CHOKEPOINT_RETENTION)`;
      }
    }
    // A series of which nothing is taken must not become known by it.
    const ref = batch.series[s];
    if (ref !== undefined && kept > (offsets.at(-1) ?? 0)) {
      series.push(ref);
      offsets.push(kept);
    }
  }
  const rejected: Rejection[] = [];
  if (old.count > 0) rejected.push({ reason: 'too-old', message: old.example, count: old.count });
  if (ahead.count > 0) rejected.push({ reason: 'in-the-future', message: ahead.example, count: ahead.count });
  return {
    batch: {
      ...batch,
      series,
      offsets: Uint32Array.from(offsets),
      timestamps: keptTimes,
      values: keptValues,
    },
    rejected,
  };
}
