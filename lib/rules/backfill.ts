import type { SeriesRef } from '#lib/model/metrics.ts';
import type { TimeRange } from '#lib/model/time-range.ts';
import { rangeQuery } from '#lib/query/promql/engine.ts';
import type { Samples } from '#lib/query/promql/value.ts';
import type { RuleIo } from './group-runner.ts';
import { distinct, type RecordedPoint, Recording, recordedLabels } from './recorded.ts';
import type { RecordingRuleSpec, RuleGroupSpec } from './rule-file.ts';

/** Evaluation times of one query: few enough to be held, many enough that chunks are decoded once. */
const STEPS_AT_ONCE = 1000;

export interface BackfillProgress {
  readonly group: string;
  readonly rule: string;
  /** Recorded up to here, ms since the epoch. */
  readonly until: number;
  /** Since the start of the rule. */
  readonly samples: number;
  /** Samples that the store did not take, as a different value stands there already or they are too old. */
  readonly rejected: number;
}

/**
 * Records what the rules of a group would have recorded in a past range, at the times at which they would have been
 * evaluated. Rules run one after the other over the whole range, as later ones may read earlier ones.
 * Doing it twice changes nothing: the first recorded sample of a time stays.
 */
export async function* backfill(
  group: RuleGroupSpec,
  io: RuleIo,
  range: TimeRange,
  phase: number,
): AsyncGenerator<BackfillProgress> {
  const step = group.intervalMs;
  const first = Math.ceil((range.from - phase) / step) * step + phase;
  for (const rule of group.rules) {
    if (rule.kind !== 'recording') continue;
    let samples = 0;
    let rejected = 0;
    let open = new Map<string, SeriesRef>();
    for (let from = first; from <= range.to; from += STEPS_AT_ONCE * step) {
      const last =
        Math.floor((Math.min(range.to, from + (STEPS_AT_ONCE - 1) * step) - from) / step) * step + from;
      const times = { startMs: from, endMs: last, stepMs: step };
      const { recording, stillOpen } = await recorded(rule, io, times, open);
      open = stillOpen;
      if (recording.size > 0) {
        const result = await io.append(recording.batch());
        samples += result.accepted;
        rejected += result.rejected.reduce((sum, { count }) => sum + count, 0);
      }
      yield { group: group.name, rule: rule.name, until: last, samples, rejected };
    }
  }
}

interface Times {
  readonly startMs: number;
  readonly endMs: number;
  readonly stepMs: number;
}

async function recorded(
  rule: RecordingRuleSpec,
  io: RuleIo,
  times: Times,
  open: ReadonlyMap<string, SeriesRef>,
): Promise<{ recording: Recording; stillOpen: Map<string, SeriesRef> }> {
  const { data } = await rangeQuery(io.source, rule.expr, times);
  const found = data.series.map((samples) => ({ ref: recordedLabels(samples.labels, rule), samples }));
  distinct(
    found.map(({ ref }) => ref),
    rule,
  );
  const recording = new Recording();
  const stillOpen = new Map<string, SeriesRef>();
  const seen = new Set<string>();
  for (const { ref, samples } of found) {
    seen.add(ref.key);
    const points = withEnds(samples, times, open.has(ref.key));
    recording.add(ref, points);
    if (samples.times.at(-1) === times.endMs) stillOpen.set(ref.key, ref);
  }
  for (const [key, ref] of open) if (!seen.has(key)) recording.add(ref, [{ timestamp: times.startMs }]);
  return { recording, stillOpen };
}

/** A series' points, with the marker of its end at the first evaluation that did not give it. */
function withEnds(samples: Samples, { startMs, endMs, stepMs }: Times, wasOpen: boolean): RecordedPoint[] {
  const points: RecordedPoint[] = [];
  let expected = wasOpen ? startMs : undefined;
  for (const [i, timestamp] of samples.times.entries()) {
    if (expected !== undefined && timestamp > expected) points.push({ timestamp: expected });
    const histogram = samples.histograms?.[i];
    points.push({ timestamp, value: samples.values[i] ?? Number.NaN, histogram });
    expected = timestamp + stepMs;
  }
  if (expected !== undefined && expected <= endMs) points.push({ timestamp: expected });
  return points;
}
