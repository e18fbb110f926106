import type { TimeRange } from '#lib/model/time-range.ts';
import type { SignalSeries } from '#lib/query/signals/read.ts';
import { type Detector, found } from '../detector.ts';
import { baselineOf, type Evidence, totalMs } from '../evidence.ts';
import { serviceLink } from '../links.ts';
import { measureSpans } from '../measure.ts';
import { mean } from '../statistics.ts';
import { byPlace, MIN_SAMPLES, roleSamples, selectorOf, valuesOver } from '../sustained.ts';
import { count, ms, percent } from '../words.ts';

const thresholds = {
  inUse: { value: 0.95, why: 'a pool this full has no connection to give' },
  sustained: { value: 0.5, why: 'for half of the samples: a pool may be full for a moment' },
  rateSeconds: { value: 30, why: 'a rate over less is chance' },
};

interface PoolSample {
  readonly at: number;
  readonly inUse: number;
  readonly max: number;
  readonly pending: number;
}

/** In use is told, or is what is open and not idle. */
function poolSamples(series: readonly SignalSeries[], ranges: readonly TimeRange[]): PoolSample[] {
  const inUse = valuesOver(roleSamples(series, 'pool.in_use', ranges));
  const size = valuesOver(roleSamples(series, 'pool.size', ranges));
  const idle = valuesOver(roleSamples(series, 'pool.idle', ranges));
  const max = valuesOver(roleSamples(series, 'pool.max', ranges));
  const pending = roleSamples(series, 'pool.pending', ranges);
  return pending.times.flatMap((at, i) => {
    const open = size(at);
    const notUsed = idle(at) ?? 0;
    const used = inUse(at) ?? (open === undefined ? undefined : open - notUsed);
    const limit = max(at);
    if (used === undefined || limit === undefined || limit <= 0) return [];
    return [{ at, inUse: used, max: limit, pending: pending.values[i] ?? 0 }];
  });
}

/** Requests a second that the service serves, from its server spans; undefined when there are none. */
function servedRate(evidence: Evidence, service: string, ranges: readonly TimeRange[]): number | undefined {
  const served = evidence.spans.filter((s) => s.service === service && s.kind === 'server');
  const first = Math.min(...served.map((s) => s.buckets[0]?.at ?? Number.POSITIVE_INFINITY));
  const seconds =
    totalMs(ranges.map((r) => ({ from: Math.min(r.to, Math.max(r.from, first)), to: r.to }))) / 1000;
  const { calls } = measureSpans(served, ranges);
  return seconds >= thresholds.rateSeconds.value && calls > 0 ? calls / seconds : undefined;
}

/**
 * Connections needed: Little's law gives those in use on average (requests a second × seconds each holds one, Little
 * 1961); the square root on top keeps waiting rare when arrivals bunch (square-root staffing, Halfin and Whitt 1981).
 */
export function poolSizeFor(ratePerSecond: number, holdSeconds: number): number {
  const busy = ratePerSecond * holdSeconds;
  return Math.max(2, Math.ceil(busy + 2 * Math.sqrt(busy)));
}

/**
 * Requests hang although the database is idle enough: each waits for a connection that another request still holds.
 * Proof: the pool stands at its maximum with callers queueing, for most of the window. The size it would need follows
 * from the measured rate and hold time; where connections are suddenly held much longer, a larger pool is no cure and
 * the summary says so. Blind to pools whose state the application does not publish.
 */
export const dbPoolExhausted: Detector = {
  id: 'db-pool-exhausted',
  title: 'Connection pool exhausted',
  category: 'database',
  resource: 'pool',
  identity: ['service', 'instance'],
  needs: ['signals'],
  thresholds,
  playbook: 'size-connection-pool',
  detect(evidence, window) {
    const roles = ['pool.in_use', 'pool.idle', 'pool.size', 'pool.max', 'pool.pending'] as const;
    return byPlace(evidence, roles).flatMap(({ place, series }) => {
      const samples = poolSamples(series, [window]);
      const isFull = (s: PoolSample) => s.pending > 0 && s.inUse >= thresholds.inUse.value * s.max;
      const full = samples.filter(isFull);
      if (samples.length < MIN_SAMPLES) return [];
      if (full.length < Math.max(2, thresholds.sustained.value * samples.length)) return [];
      const { service, instance, part } = place;
      const max = full.at(-1)?.max ?? 0;
      const pending = mean(full.map((s) => s.pending));
      const usual = poolSamples(series, baselineOf(evidence, service)).filter((s) => !isFull(s));
      const usualInUse = usual.length >= MIN_SAMPLES ? mean(usual.map((s) => s.inUse)) : undefined;
      const rate = servedRate(evidence, service, [window]);
      const usualRate = servedRate(evidence, service, baselineOf(evidence, service));
      const holdMs = rate ? (mean(full.map((s) => s.inUse)) / rate) * 1000 : undefined;
      // A gauge that always read zero between requests tells that they are short, not how short.
      const usualHoldMs = usualRate && usualInUse ? (usualInUse / usualRate) * 1000 : undefined;
      const demand = Math.max(rate ?? 0, usualRate ?? 0);
      const hold = usualHoldMs ?? (usualInUse === 0 ? undefined : holdMs);
      const size = demand > 0 && hold !== undefined ? poolSizeFor(demand, hold / 1000) : undefined;
      const heldLonger =
        holdMs !== undefined && (usualInUse === 0 || (usualHoldMs !== undefined && holdMs > 2 * usualHoldMs));
      const name = part ? `pool ${part} of ${service}` : `connection pool of ${service}`;
      const first = series.find((s) => s.role === 'pool.pending');
      const promql = first ? selectorOf(first) : undefined;
      return [
        found({
          title: `${service}: the connection pool ${instance ? `of ${instance} ` : ''}is exhausted (${count(max)} of ${count(max)} in use)`,
          summary:
            `The ${name} is at its maximum of ${count(max)} and ${count(pending)} callers wait on average, in ${percent(full.length / samples.length)} of the samples.` +
            (heldLonger
              ? ` Each request now holds a connection for about ${ms(holdMs)}, before ${usualHoldMs === undefined ? 'too short to measure' : ms(usualHoldMs)}: find what holds them; a larger pool only hides it.`
              : size === undefined
                ? ''
                : ` At ${count(demand)} requests per second it needs about ${size}.`),
          severity: 'critical',
          confidence: 0.95,
          onset:
            poolSamples(series, [{ from: 0, to: window.to }]).findLast(
              (s) => !isFull(s) && s.at < (full[0]?.at ?? 0),
            )?.at ??
            full[0]?.at ??
            window.from,
          subject: { service, instance: instance || undefined },
          impact: {
            requestsAffected: rate ? Math.round((rate * (window.to - window.from)) / 1000) : undefined,
          },
          evidence: [
            {
              kind: 'series',
              title: 'Callers that wait for a connection',
              value: pending,
              unit: 'count',
              baseline: usual.length ? mean(usual.map((s) => s.pending)) : undefined,
              threshold: 0,
              promql,
              link: serviceLink(service, window),
            },
            {
              kind: 'series',
              title: `Connections in use of ${count(max)}`,
              value: mean(full.map((s) => s.inUse)),
              unit: 'count',
              baseline: usualInUse,
              threshold: thresholds.inUse.value * max,
              link: serviceLink(service, window),
            },
            ...(holdMs === undefined
              ? []
              : [
                  {
                    kind: 'statistic' as const,
                    title: 'Time a request holds a connection (Little’s law)',
                    value: holdMs,
                    unit: 'ms',
                    baseline: usualHoldMs,
                    link: serviceLink(service, window),
                  },
                ]),
          ],
          variables: {
            poolMax: String(max),
            ...(size === undefined ? {} : { poolSize: String(size) }),
            instance,
          },
        }),
      ];
    });
  },
};
