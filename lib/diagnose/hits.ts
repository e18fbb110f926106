import type { Span } from '#lib/model/span.ts';
import type { TimeRange } from '#lib/model/time-range.ts';
import { unionLength } from '#lib/query/critical-path.ts';
import { endUs } from '#lib/query/span-tree.ts';
import { contains, type Evidence } from './evidence.ts';
import { measureSpans } from './measure.ts';
import type { RequestView } from './requests.ts';
import { median } from './statistics.ts';

/** One request that shows a pattern: which spans, and what they cost it. */
export interface Hit<T> {
  readonly request: RequestView;
  /** What makes two hits the same problem, besides service and operation. */
  readonly key: string;
  readonly spans: readonly Span[];
  /** what would be saved, ms */
  readonly savedMs: number;
  readonly detail: T;
}

export interface HitGroup<T> {
  readonly service: string;
  readonly operation: string;
  readonly hits: readonly Hit<T>[];
  /** the hit that costs most */
  readonly worst: Hit<T>;
  /** medians over the hits */
  readonly spanMs: number;
  readonly share: number;
  readonly requestMs: number;
  readonly savedMs: number;
  /** share of the operation's sampled requests that show it */
  readonly frequency: number;
  /** estimate for the whole window, from the operation's call count */
  readonly requestsAffected: number;
  readonly onset: number;
}

/** A single odd request proves no pattern. */
const MIN_HITS = 2;
const MIN_FREQUENCY = 0.1;

/** Time in which at least one of the spans ran, ms. */
export const busyMs = (spans: readonly Span[]): number =>
  unionLength(spans.map((s) => [s.startUs, endUs(s)] as const)) / 1000;

export const requestMs = (request: RequestView): number => request.entry.durationUs / 1000;

/** Looks for a pattern in every sampled request of the window and puts equal hits together, most costly group first. */
export function groupHits<T>(
  evidence: Evidence,
  window: TimeRange,
  find: (request: RequestView) => readonly Hit<T>[],
): HitGroup<T>[] {
  const sampled = new Map<string, number>();
  const groups = new Map<string, Hit<T>[]>();
  const operationKey = (r: RequestView) => JSON.stringify([r.service, r.operation]);
  for (const request of evidence.requests) {
    if (!contains(window, request.endMs)) continue;
    sampled.set(operationKey(request), (sampled.get(operationKey(request)) ?? 0) + 1);
    for (const hit of find(request)) {
      const key = JSON.stringify([request.service, request.operation, hit.key]);
      const group = groups.get(key);
      if (group) group.push(hit);
      else groups.set(key, [hit]);
    }
  }
  const result: HitGroup<T>[] = [];
  for (const hits of groups.values()) {
    const first = hits[0];
    if (first === undefined) continue;
    const { service, operation } = first.request;
    const requests = new Set(hits.map((h) => h.request.entry));
    const frequency = requests.size / (sampled.get(operationKey(first.request)) ?? 1);
    if (requests.size < MIN_HITS || frequency < MIN_FREQUENCY) continue;
    const calls = measureSpans(
      evidence.spans.filter(
        (s) => s.service === service && s.operation === operation && s.kind === first.request.entry.kind,
      ),
      [window],
    ).calls;
    const middle = (value: (hit: Hit<T>) => number) => median(hits.map(value)) ?? 0;
    result.push({
      service,
      operation,
      hits,
      worst: hits.reduce((a, b) => (busyMs(b.spans) > busyMs(a.spans) ? b : a)),
      spanMs: middle((h) => busyMs(h.spans)),
      share: middle((h) => Math.min(1, busyMs(h.spans) / Math.max(0.001, requestMs(h.request)))),
      requestMs: middle((h) => requestMs(h.request)),
      savedMs: middle((h) => h.savedMs),
      frequency,
      requestsAffected: Math.max(requests.size, Math.round(frequency * calls)),
      onset: Math.min(...hits.map((h) => h.request.entry.startUs / 1000)),
    });
  }
  return result.sort((a, b) => b.savedMs * b.requestsAffected - a.savedMs * a.requestsAffected);
}

/** Surer with more requests seen and with a pattern in most of them; never certain. */
export const hitConfidence = (group: HitGroup<unknown>): number =>
  Math.min(0.97, 0.7 + 0.02 * Math.min(10, group.hits.length) + 0.1 * group.frequency);
