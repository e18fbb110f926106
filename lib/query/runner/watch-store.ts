import type { Store } from '#lib/store/store.ts';
import { type Changes, SETTLED_AFTER_MS } from './changes.ts';

/** The same store, whose late samples and deletions are noted for those who keep answers. */
export function watchStore(store: Store, changes: Changes, now: () => number = Date.now): Store {
  const watched: Pick<Store, 'appendMetrics' | 'deleteSeries'> = {
    async appendMetrics(batch) {
      const result = await store.appendMetrics(batch);
      let oldest = Number.POSITIVE_INFINITY;
      for (const time of batch.timestamps) if (time < oldest) oldest = time;
      for (const { timestamp } of batch.histograms ?? []) if (timestamp < oldest) oldest = timestamp;
      if (result.accepted > 0 && oldest < now() - SETTLED_AFTER_MS) changes.note(oldest);
      return result;
    },
    async deleteSeries(matcherSets, range) {
      try {
        await store.deleteSeries(matcherSets, range);
      } finally {
        changes.note(range.from);
      }
    },
  };
  return Object.assign(Object.create(store) as Store, watched);
}
