import type { ChangeEvent } from '#lib/model/event.ts';
import type { TimeRange } from '#lib/model/time-range.ts';
import { medianShift, type Shift } from '../compare-sketches.ts';
import { type Detector, type DetectorResult, found, unknown } from '../detector.ts';
import type { Evidence } from '../evidence.ts';
import { eventLink, queryLink, serviceLink } from '../links.ts';
import { digestOnset, measureDigest, measureSpans, severityOf, spanOnset } from '../measure.ts';
import { proportionTest } from '../statistics.ts';
import { code, ms, percent, shorten, times } from '../words.ts';

const thresholds = {
  factor: { value: 1.2, why: 'a fifth slower is a regression; less is within what a restart alone does' },
  factorLow: { value: 1.1, why: 'the low end of the 95 % interval must show a rise as well' },
  riseMs: { value: 3, why: 'a rise that small is not felt' },
  p: { value: 0.01, why: 'many operations are compared at each deploy' },
  calls: { value: 20, why: 'a median of fewer calls moves by itself' },
  errorRise: { value: 0.05, why: 'one request in twenty failing anew' },
  settleMs: { value: 15_000, why: 'the first seconds of a new process are slow in any version' },
  lookBackMs: {
    value: 86_400_000,
    why: 'a regression stays one until something is done, for a day at least',
  },
  lateMs: { value: 600_000, why: 'what begins later than ten minutes after it is rarely the deploy' },
  earlyMs: { value: 45_000, why: 'a rise that began before the deploy has another cause' },
};

const clip = (ranges: readonly TimeRange[], from: number, to: number): TimeRange[] =>
  ranges.flatMap((r) => {
    const cut = { from: Math.max(r.from, from), to: Math.min(r.to, to) };
    return cut.from < cut.to ? [cut] : [];
  });

interface Periods {
  readonly before: readonly TimeRange[];
  readonly after: readonly TimeRange[];
}

function periodsOf(event: ChangeEvent, evidence: Evidence, window: TimeRange): Periods {
  const from = event.at - 3_600_000;
  return {
    before: clip([...evidence.baseline, evidence.window, window], from, event.at),
    after: clip([window], event.at + thresholds.settleMs.value, window.to),
  };
}

const isSlower = (shift: Shift | undefined): shift is Shift =>
  shift !== undefined &&
  shift.ratio >= thresholds.factor.value &&
  shift.low >= thresholds.factorLow.value &&
  shift.after - shift.before >= thresholds.riseMs.value &&
  shift.p < thresholds.p.value;

interface Regression {
  readonly service: string;
  readonly operation?: string;
  readonly fingerprint?: string;
  /** what regressed, in words */
  readonly name: string;
  readonly what: string;
  readonly shift?: Shift;
  readonly errors?: { readonly before: number; readonly after: number };
  readonly calls: number;
  readonly link: string;
}

/** The version that ran before, from the deploy before; undefined when none is known. */
const versionBefore = (event: ChangeEvent, events: readonly ChangeEvent[]): string | undefined =>
  events.findLast(
    (e) => e.at < event.at && e.service === event.service && e.version !== '' && e.version !== event.version,
  )?.version;

function findingOf(
  event: ChangeEvent,
  worst: Regression,
  others: number,
  previousVersion: string | undefined,
): DetectorResult {
  const { service, shift, errors } = worst;
  const release = event.version ? `${service} ${event.version}` : event.title;
  return found({
    title: `${service}: ${worst.name} ${worst.what} since ${event.version ? `version ${event.version}` : `"${shorten(event.title, 60)}"`}`,
    summary:
      `Since ${code(release)} was rolled out, ` +
      (shift
        ? `${code(worst.name)} takes ${ms(shift.after)} (median), before ${ms(shift.before)}: ${times(shift.ratio)}, 95 % interval ${times(shift.low)} to ${times(shift.high)}.`
        : `${percent(errors?.after ?? 0)} of ${code(worst.name)} fail, before ${percent(errors?.before ?? 0)}.`) +
      (others > 0 ? ` ${others} more ${others === 1 ? 'operation' : 'operations'} got worse too.` : ''),
    severity: errors ? 'critical' : severityOf(1 - 1 / (shift?.ratio ?? 1), shift?.after ?? 0),
    confidence: Math.min(0.95, 0.75 + 0.05 * (shift ? Math.log2(shift.ratio) : 2)),
    onset: event.at,
    subject: { service, operation: worst.operation, query: worst.fingerprint },
    impact: {
      requestsAffected: worst.calls,
      latencyShare: shift ? 1 - 1 / shift.ratio : undefined,
      savedMs: shift ? shift.after - shift.before : undefined,
      errorsShare: errors?.after,
    },
    evidence: [
      {
        kind: 'event',
        title: event.title,
        eventId: event.id,
        link: eventLink(event.service, { from: event.at - 600_000, to: event.at + 600_000 }),
      },
      ...(shift
        ? [
            {
              kind: 'statistic' as const,
              title: `Median of ${worst.name}, after and before`,
              value: shift.after,
              unit: 'ms',
              baseline: shift.before,
              threshold: thresholds.factor.value * shift.before,
              fingerprint: worst.fingerprint,
              link: worst.link,
            },
            {
              kind: 'statistic' as const,
              title: 'Chance of such a difference without a change (Mann–Whitney)',
              value: shift.p,
              unit: 'ratio',
              threshold: thresholds.p.value,
              link: worst.link,
            },
          ]
        : []),
      ...(errors
        ? [
            {
              kind: 'statistic' as const,
              title: `Failed share of ${worst.name}`,
              value: errors.after,
              unit: 'ratio',
              baseline: errors.before,
              threshold: errors.before + thresholds.errorRise.value,
              link: worst.link,
            },
          ]
        : []),
    ],
    variables: {
      ...(event.version ? { version: event.version } : {}),
      ...(previousVersion ? { previousVersion } : {}),
    },
  });
}

function regressionsOf(event: ChangeEvent, evidence: Evidence, window: TimeRange): Regression[] {
  const periods = periodsOf(event, evidence, window);
  const concerns = (service: string) => event.service === '' || event.service === service;
  const link = (service: string) => serviceLink(service, { from: event.at - 900_000, to: window.to });
  const notBefore = event.at - thresholds.earlyMs.value;
  const notAfter = event.at + thresholds.lateMs.value;
  const operations = evidence.spans.flatMap((s): Regression[] => {
    if ((s.kind !== 'server' && s.kind !== 'consumer') || !concerns(s.service)) return [];
    const before = measureSpans([s], periods.before);
    const after = measureSpans([s], periods.after);
    if (before.calls < thresholds.calls.value || after.calls < thresholds.calls.value) return [];
    const common = {
      service: s.service,
      operation: s.operation,
      name: s.operation,
      calls: after.calls,
      link: link(s.service),
    };
    const errors = { before: before.errors / before.calls, after: after.errors / after.calls };
    if (
      errors.after - errors.before >= thresholds.errorRise.value &&
      proportionTest(before.errors, before.calls, after.errors, after.calls) < thresholds.p.value
    )
      return [{ ...common, what: 'fails', errors }];
    const shift = medianShift(before.durations, after.durations);
    if (!isSlower(shift)) return [];
    const onset = spanOnset(s, Math.sqrt(shift.before * shift.after), window);
    if (onset === undefined || onset < notBefore || onset > notAfter) return [];
    return [{ ...common, what: `is ${times(shift.ratio)} as slow`, shift }];
  });
  const statements = evidence.digests.flatMap((d): Regression[] => {
    if (!concerns(d.service)) return [];
    const before = measureDigest(d, periods.before);
    const after = measureDigest(d, periods.after);
    if (before.calls < thresholds.calls.value || after.calls < thresholds.calls.value) return [];
    const shift = medianShift(before.durations, after.durations);
    if (!isSlower(shift)) return [];
    const onset = digestOnset(d, Math.sqrt(shift.before * shift.after), window);
    if (onset === undefined || onset < notBefore - 60_000 || onset > notAfter) return [];
    const name = shorten(d.text, 60);
    return [
      {
        service: d.service,
        fingerprint: d.fingerprint,
        name,
        calls: after.calls,
        what: `is ${times(shift.ratio)} as slow`,
        shift,
        link: queryLink(d.fingerprint, window),
      },
    ];
  });
  const cost = (r: Regression) =>
    r.calls * ((r.shift ? r.shift.after - r.shift.before : 0) + (r.errors ? 10_000 : 0));
  return [...operations, ...statements].sort((a, b) => cost(b) - cost(a));
}

/**
 * Something got slower or fails since a deploy. Proof: the operation's or statement's median moved at the deploy and
 * not before, by an effect whose interval is clear of nothing-changed. A restart alone (cold caches, compilation)
 * stays below the factor after the settling time. Blind to regressions of operations that are rarely called.
 */
export const regressionAfterDeploy: Detector = {
  id: 'regression-after-deploy',
  title: 'Regression after a deploy',
  category: 'change',
  resource: 'deploy',
  identity: ['service'],
  needs: ['events', 'spans'],
  thresholds,
  playbook: 'roll-back-or-fix',
  detect(evidence, window) {
    const recent = evidence.events.filter(
      (e) =>
        (e.kind === 'deploy' || e.kind === 'config') &&
        e.at >= window.from - thresholds.lookBackMs.value &&
        e.at + thresholds.settleMs.value < window.to,
    );
    // Only the newest change of a service is judged: what came before it is its baseline.
    const newest = new Map<string, ChangeEvent>();
    for (const event of recent)
      if (event.at >= (newest.get(event.service)?.at ?? 0)) newest.set(event.service, event);
    return [...newest.values()].flatMap((event) => {
      if (periodsOf(event, evidence, window).before.length === 0)
        return [unknown(`${event.title}: nothing is known of the time before it`)];
      const [worst, ...others] = regressionsOf(event, evidence, window);
      return worst ? [findingOf(event, worst, others.length, versionBefore(event, evidence.events))] : [];
    });
  },
};
