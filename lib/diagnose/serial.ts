import type { Span } from '#lib/model/span.ts';
import { endUs } from '#lib/query/span-tree.ts';

/** Spans between which less than this passes follow one another directly: the code did little but start the next. */
const GAP_US = 10_000;

/** Splits spans (by start) into runs in which each begins after the one before has ended. */
export function serialRuns<T>(items: readonly T[], spanOf: (item: T) => Span): T[][] {
  const runs: T[][] = [];
  let run: T[] = [];
  let end = Number.NEGATIVE_INFINITY;
  for (const item of items) {
    const span = spanOf(item);
    if (run.length > 0 && (span.startUs < end || span.startUs - end > GAP_US)) {
      runs.push(run);
      run = [];
    }
    run.push(item);
    end = Math.max(end, endUs(span));
  }
  if (run.length > 0) runs.push(run);
  return runs.filter((r) => r.length > 1);
}

/** What running them at once would save, ms: all but the slowest. */
export function parallelSavingMs(spans: readonly Span[]): number {
  const durations = spans.map((s) => s.durationUs / 1000);
  return durations.reduce((a, b) => a + b, 0) - Math.max(0, ...durations);
}
