import { type Labels, labelsKey } from '#lib/model/labels.ts';
import type { MetricType } from '#lib/model/metrics.ts';
import type { Log } from '#lib/platform/log.ts';
import type { Database } from './database.ts';
import { replay } from './head.ts';
import { META } from './resting.ts';
import type { StoreState } from './state.ts';
import { SIGNALS } from './store.ts';

/** Log rows read at once. */
const PAGE = 64;

/** Fills the memory from the database: series, metadata, counts, and the log that is not compacted yet. */
export async function load(db: Database, state: StoreState, log: Log): Promise<void> {
  const facts = new Map((await db.meta.findMany()).map(({ key, value }) => [key, value]));
  state.horizon = Number(facts.get(META.compactedTo) ?? 0);
  state.current.lastId = state.horizon;
  const arrived = JSON.parse(facts.get(META.arrived) ?? '{}');
  for (const signal of SIGNALS) {
    const { count = 0, last } = arrived[signal] ?? {};
    state.arrivals.set(signal, { count, last });
  }
  for (const { id, labels } of await db.series.findMany()) {
    const set: Labels = JSON.parse(labels);
    state.registry.restore(Number(id), set, labelsKey(set));
  }
  for (const { seriesId, _min, _max } of await db.chunk.groupBy({
    by: ['seriesId'],
    _min: { start: true },
    _max: { end: true },
  })) {
    const slot = state.registry.slot(Number(seriesId));
    if (slot !== undefined) state.registry.sawTimes(slot, Number(_min.start), Number(_max.end));
  }
  for (const { name, type, help, unit } of await db.metricMetadata.findMany())
    state.metadata.set(name, { name, type: type as MetricType, help, unit });
  await follow(db, state, log);
}

/**
 * Replays rows of the log that the head does not hold yet.
 * @returns id of the newest row
 */
export async function follow(db: Database, state: StoreState, log: Log): Promise<number> {
  for (;;) {
    const rows = await db.batch.findMany({
      where: { id: { gt: BigInt(state.current.lastId) } },
      orderBy: { id: 'asc' },
      take: PAGE,
    });
    for (const row of rows) {
      const id = Number(row.id);
      try {
        replay(state.current, state, {
          id,
          signal: row.signal,
          receivedAt: Number(row.receivedAt),
          data: row.data,
        });
      } catch (error) {
        // One unreadable row must not keep the others from being served.
        log.error('a row of the log cannot be read and is skipped', { row: id, error: String(error) });
        state.current.lastId = id;
      }
    }
    if (rows.length < PAGE) return state.current.lastId;
  }
}
