import { labelValue, METRIC_NAME } from '#lib/model/labels.ts';
import type { MetricBatch, SeriesRef } from '#lib/model/metrics.ts';
import type { Rejection } from '../store.ts';
import { keepSome } from './keep-some.ts';

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
  let sound = true;
  for (let i = 0; i < timestamps.length && sound; i++) {
    const at = timestamps[i] as number;
    // Written so that NaN counts as bad.
    sound = at >= oldest && at <= newest && Number.isInteger(at);
  }
  const within = (at: number): boolean => at >= oldest && at <= newest;
  if (
    sound &&
    (batch.histograms ?? []).every((h) => within(h.timestamp)) &&
    (batch.exemplars ?? []).every((e) => within(e.exemplar.timestamp))
  )
    return { batch, rejected: [] };

  const old = { count: 0, example: '' };
  const ahead = { count: 0, example: '' };
  const exemplars = { count: 0, example: '' };
  const taken = (at: number, series: number): boolean => {
    if (within(at)) return true;
    if (at > newest) {
      if (ahead.count++ === 0)
        ahead.example = `'${nameOf(batch.series[series])}' is ${durationText(at - bounds.now)} ahead of server clock; at most ${durationText(MAX_AHEAD_MS)} is taken: set the sender's clock`;
    } else if (old.count++ === 0) {
      old.example = `'${nameOf(batch.series[series])}' is ${durationText(bounds.now - at)} old; retention keeps ${durationText(bounds.now - oldest)} (CHOKEPOINT_RETENTION)`;
    }
    return false;
  };
  const kept = keepSome(batch, {
    sample: taken,
    exemplar: (at, series) => {
      if (within(at)) return true;
      if (exemplars.count++ === 0)
        exemplars.example = `an exemplar of '${nameOf(batch.series[series])}' is from outside the time that is kept`;
      return false;
    },
  });
  const rejected: Rejection[] = [];
  const reject = (reason: string, { count, example }: typeof old): void => {
    if (count > 0) rejected.push({ reason, message: example, count });
  };
  reject('too-old', old);
  reject('in-the-future', ahead);
  reject('exemplar-out-of-time', exemplars);
  return { batch: kept, rejected };
}
