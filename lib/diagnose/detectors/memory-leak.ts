import type { TimeRange } from '#lib/model/time-range.ts';
import { onsetAbove } from '../change-point.ts';
import { type Detector, type DetectorResult, found } from '../detector.ts';
import { baselineOf, type Evidence, type Samples, totalMs } from '../evidence.ts';
import { coverage, floors, floorTrend, risingShare, sinceRestart } from '../growth.ts';
import { serviceLink } from '../links.ts';
import { measureSpans } from '../measure.ts';
import { median } from '../statistics.ts';
import { byPlace, type Place, roleSamples, selectorOf, valuesOver } from '../sustained.ts';
import { bytes, code, ms, percent } from '../words.ts';

const MIB = 1_048_576;

const thresholds = {
  coverage: { value: 0.8, why: 'with more gaps than that a slope is guesswork' },
  warmUpMs: { value: 60_000, why: 'a new process fills caches and compiles code first' },
  slowMinutes: { value: 20, why: 'buffers that are emptied every ten minutes rise too until then' },
  rising: { value: 0.85, why: 'of all pairs of floors; a sawtooth with long teeth stays near two thirds' },
  slowSamples: { value: 30, why: 'ten stretches of three samples, each with its lowest' },
  limitShare: { value: 0.05, why: 'growth of 5 % of the limit; less is far from hurting' },
  perHour: { value: 0.1, why: 'a tenth of its size an hour' },
  tail: { value: 0.3, why: 'a curve that has flattened out is a cache that has filled' },
  fastPerMinute: { value: 64 * MIB, why: 'slower growth has time to be judged over many minutes' },
  usualRise: {
    value: 0.5,
    why: 'growth that was half as steep before is how the process lives, for the slow rule to judge',
  },
  fastBytes: { value: 16 * MIB, why: 'a young generation of garbage is up to 16 MiB of noise' },
  fastAbove: { value: 1.15, why: 'its lowest level must be above everything usual' },
  heldAbove: { value: 1.5, why: 'half as much again as ever before, and it does not come down' },
  heldBytes: { value: 64 * MIB, why: 'less may be one cache filling' },
  load: { value: 1.5, why: 'more load needs more memory' },
};

interface Process {
  readonly place: Place;
  /** used memory of the whole process over the whole evidence */
  readonly used: Samples;
  readonly limit: number | undefined;
  readonly startedAt: number | undefined;
  readonly promql: string;
  readonly what: string;
}

const ALL_TIME: readonly TimeRange[] = [{ from: 0, to: Number.MAX_SAFE_INTEGER }];

/** The same evidence is judged window by window. */
const known = new WeakMap<Evidence['signals'], Process[]>();

function processesOf(evidence: Evidence): Process[] {
  const before = known.get(evidence.signals);
  if (before !== undefined) return before;
  const processes = readProcesses(evidence);
  known.set(evidence.signals, processes);
  return processes;
}

function readProcesses(evidence: Evidence): Process[] {
  const roles = [
    'heap.used_bytes',
    'heap.limit_bytes',
    'process.resident_bytes',
    'process.start_seconds',
  ] as const;
  const places = byPlace({ ...evidence, signals: evidence.signals.map((s) => ({ ...s, part: '' })) }, roles);
  return places.flatMap(({ place, series }) => {
    const heaps = series.filter((s) => s.role === 'heap.used_bytes');
    const used = heaps.length > 0 ? heaps : series.filter((s) => s.role === 'process.resident_bytes');
    const first = used[0];
    if (!first) return [];
    const times = Array.from(first.timestamps);
    const readers = used.map((s) => valuesOver({ times: s.timestamps, values: s.values }));
    const values = times.map((at) => readers.reduce((sum, read) => sum + (read(at) ?? 0), 0));
    const started = roleSamples(series, 'process.start_seconds', ALL_TIME).values.at(-1);
    const limit =
      heaps.length > 0 ? roleSamples(series, 'heap.limit_bytes', ALL_TIME).values.at(-1) : undefined;
    return [
      {
        place,
        used: { times, values },
        limit: limit !== undefined && limit > 0 ? limit : undefined,
        startedAt: started === undefined ? undefined : started * 1000,
        promql: selectorOf(first),
        what: heaps.length > 0 ? 'heap' : 'resident memory',
      },
    ];
  });
}

const within = (samples: Samples, ranges: readonly TimeRange[]): Samples => {
  const result: Samples = { times: [], values: [] };
  samples.times.forEach((at, i) => {
    if (!ranges.some((r) => at >= r.from && at < r.to)) return;
    result.times.push(at);
    result.values.push(samples.values[i] ?? 0);
  });
  return result;
};

/** Requests a second now over before; 1 when either is not known. */
function loadRatio(evidence: Evidence, service: string, window: TimeRange): number {
  const served = evidence.spans.filter(
    (s) => s.service === service && (s.kind === 'server' || s.kind === 'consumer'),
  );
  const first = Math.min(...served.map((s) => s.buckets[0]?.at ?? window.from));
  const before = baselineOf(evidence, service)
    .map((r) => ({ from: Math.max(r.from, first), to: r.to }))
    .filter((r) => r.to > r.from);
  const now = measureSpans(served, [window]).calls / Math.max(1, window.to - window.from);
  const usual = measureSpans(served, before).calls / Math.max(1, totalMs(before));
  return now > 0 && usual > 0 ? now / usual : 1;
}

interface Leak {
  /** bytes a ms; 0 when it has stopped growing but does not shrink */
  readonly slope: number;
  readonly growth: number;
  readonly usual: number | undefined;
  readonly confidence: number;
}

/** Bytes a ms from the first to the last of some floors. */
const pace = (low: Samples): number =>
  ((low.values.at(-1) ?? 0) - (low.values[0] ?? 0)) /
  Math.max(1, (low.times.at(-1) ?? 0) - (low.times[0] ?? 0));

/** Whether its floors rose half as fast before: growth that is how the process lives. */
function roseBefore(process: Process, evidence: Evidence, now: number): boolean {
  const usual = within(process.used, baselineOf(evidence, process.place.service));
  const before = floors(sinceRestart(usual, process.startedAt, 0), 3);
  return risingShare(before.values) === 1 && pace(before) >= thresholds.usualRise.value * now;
}

/** Growth fast enough to see within the window: above all that was usual, and every stretch's lowest above the one before. */
function fastLeak(process: Process, evidence: Evidence, window: TimeRange): Leak | undefined {
  const now = sinceRestart(within(process.used, [window]), process.startedAt, thresholds.warmUpMs.value);
  const usual = within(process.used, baselineOf(evidence, process.place.service)).values;
  if (now.values.length < 6 || usual.length < 6 || coverage(now) < thresholds.coverage.value)
    return undefined;
  const highest = Math.max(...usual);
  const low = floors(now, 3);
  const last = low.values.at(-1) ?? 0;
  const growth = last - (low.values[0] ?? 0);
  const length = (low.times.at(-1) ?? 0) - (low.times[0] ?? 0);
  const lowest = Math.min(...now.values);
  const grows =
    risingShare(low.values) === 1 &&
    growth >= thresholds.fastBytes.value &&
    growth >= (thresholds.fastPerMinute.value * length) / 60_000 &&
    last >= thresholds.fastAbove.value * highest + thresholds.fastBytes.value;
  const isHeld = lowest >= thresholds.heldAbove.value * highest + thresholds.heldBytes.value;
  if (!grows && !isHeld) return undefined;
  if (loadRatio(evidence, process.place.service, window) >= thresholds.load.value) return undefined;
  const common = { usual: median(usual) };
  if (grows && !roseBefore(process, evidence, pace(low)))
    return {
      ...common,
      slope: growth / Math.max(1, length),
      growth: last - (median(usual) ?? 0),
      confidence: 0.88,
    };
  if (isHeld)
    return {
      ...common,
      slope: Math.max(0, growth / Math.max(1, length)),
      growth: lowest - (median(usual) ?? 0),
      confidence: 0.7,
    };
  return undefined;
}

/** Growth over the longest stretch since the last restart: robust slope of what remains after collections. */
function slowLeak(process: Process, evidence: Evidence, window: TimeRange): Leak | undefined {
  const upToNow = within(process.used, [{ from: 0, to: window.to }]);
  const segment = sinceRestart(upToNow, process.startedAt, 2 * thresholds.warmUpMs.value);
  const length = (segment.times.at(-1) ?? 0) - (segment.times[0] ?? 0);
  if (segment.times.length < thresholds.slowSamples.value || length < thresholds.slowMinutes.value * 60_000)
    return undefined;
  if (coverage(segment) < thresholds.coverage.value || (segment.times.at(-1) ?? 0) < window.from)
    return undefined;
  const trend = floorTrend(segment, 10);
  if (!trend || trend.rising < thresholds.rising.value || trend.tail < thresholds.tail.value)
    return undefined;
  const needed = Math.max(
    thresholds.fastBytes.value,
    thresholds.limitShare.value * (process.limit ?? 4 * trend.start),
  );
  if (trend.growth < needed || trend.slope * 3_600_000 < thresholds.perHour.value * trend.start)
    return undefined;
  if (loadRatio(evidence, process.place.service, window) >= thresholds.load.value) return undefined;
  return { slope: trend.slope, growth: trend.growth, usual: trend.start, confidence: 0.8 };
}

function findingOf(process: Process, leak: Leak, window: TimeRange): DetectorResult {
  const { service, instance } = process.place;
  const level = process.used.values.at(-1) ?? 0;
  const left =
    process.limit !== undefined && leak.slope > 0 ? (process.limit - level) / leak.slope : undefined;
  const usual = leak.usual ?? 0;
  const rise = leak.slope > 0 ? ` by ${bytes(leak.slope * 60_000)} a minute` : '';
  return found({
    title: `${service}: memory grows and is not given back${instance ? ` (${instance})` : ''}`,
    summary:
      `The ${process.what} of ${code(service)} has grown${rise} to ${bytes(level)}, usually ${bytes(usual)}, without more load, and collections do not bring it down.` +
      (left !== undefined && left < 86_400_000
        ? ` At this pace it reaches its limit of ${bytes(process.limit ?? 0)} in ${ms(left)}.`
        : ''),
    severity: left !== undefined && left < 1_800_000 ? 'critical' : 'warning',
    confidence: leak.confidence,
    onset: onsetAbove(process.used.times, process.used.values, usual + leak.growth / 8) ?? window.from,
    subject: { service, instance: instance || undefined },
    impact: {},
    evidence: [
      {
        kind: 'series',
        title: `${process.what === 'heap' ? 'Heap' : 'Resident memory'} in use`,
        value: level,
        unit: 'bytes',
        baseline: usual,
        threshold: process.limit,
        promql: process.promql,
        link: serviceLink(service, window),
      },
      {
        kind: 'statistic',
        title: 'Growth of what collections leave, per minute',
        value: leak.slope * 60_000,
        unit: 'bytes',
        link: serviceLink(service, window),
      },
      ...(process.limit === undefined
        ? []
        : [
            {
              kind: 'statistic' as const,
              title: `Share of the limit in use (${percent(level / process.limit)})`,
              value: level / process.limit,
              unit: 'ratio',
              link: serviceLink(service, window),
            },
          ]),
    ],
    variables: { instance },
  });
}

/**
 * A process swells until it is killed or spends its time collecting. Proof: the lowest levels between collections rise
 * steadily, on the stretch since the last restart, without more load. Sawtooth (collections), warm-up after a start and
 * caches that have filled stay silent. Blind to which object it is: that takes a heap snapshot.
 */
export const memoryLeak: Detector = {
  id: 'memory-leak',
  title: 'Memory leak',
  category: 'memory',
  resource: 'memory',
  identity: ['service', 'instance'],
  needs: ['signals'],
  thresholds,
  playbook: 'find-memory-leak',
  detect(evidence, window) {
    return processesOf(evidence).flatMap((process) => {
      const leak = fastLeak(process, evidence, window) ?? slowLeak(process, evidence, window);
      return leak ? [findingOf(process, leak, window)] : [];
    });
  },
};
