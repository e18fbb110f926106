import { Sketch } from '#lib/model/sketch.ts';
import type { SpanSeries } from '#lib/model/span-stats.ts';

/** A series of spans for tests; each bucket holds every duration (ms) `times` times. */
export function spanSeries(given: {
  readonly service?: string;
  readonly operation?: string;
  readonly kind?: SpanSeries['kind'];
  readonly peer?: string;
  readonly buckets: readonly {
    readonly at: number;
    readonly durations: readonly number[];
    readonly times?: number;
    readonly errors?: number;
  }[];
}): SpanSeries {
  return {
    service: given.service ?? 'orders',
    operation: given.operation ?? 'GET /',
    kind: given.kind ?? 'server',
    peer: given.peer ?? '',
    buckets: given.buckets.map(({ at, durations, times = 1, errors = 0 }) => {
      const sketch = new Sketch();
      for (const duration of durations) sketch.add(duration, times);
      return { at, calls: durations.length * times, errors, durations: sketch };
    }),
  };
}
