import type { QueryStats } from '../promql/stats.ts';

/** What several evaluations, one after the other, cost together. */
export function addedUp(parts: readonly QueryStats[]): QueryStats {
  const sum = (of: (stats: QueryStats) => number): number => parts.reduce((total, one) => total + of(one), 0);
  return {
    timings: {
      totalMs: sum(({ timings }) => timings.totalMs),
      queueMs: Math.max(0, ...parts.map(({ timings }) => timings.queueMs)),
      selectMs: sum(({ timings }) => timings.selectMs),
      evalMs: sum(({ timings }) => timings.evalMs),
    },
    samples: {
      total: sum(({ samples }) => samples.total),
      peak: Math.max(0, ...parts.map(({ samples }) => samples.peak)),
    },
    selectors: parts.flatMap(({ selectors }) => selectors),
  };
}
