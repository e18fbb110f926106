import type { MetricType } from '#lib/model/metrics.ts';
import type { Log } from '#lib/platform/log.ts';
import { timesAt } from './codec/group-times.ts';
import { type Database, rawSql } from './database.ts';
import { replay, UnknownSeries } from './head.ts';
import { Catalog, type GroupMembers } from './metrics/catalog.ts';
import type { Group } from './metrics/groups.ts';
import { IDLE_MS } from './metrics/registry.ts';
import { groupOf, seriesId } from './metrics/series-id.ts';
import { rawBytes, rawNumber } from './raw-sql.ts';
import { META } from './resting.ts';
import type { StoreState } from './state.ts';
import { SIGNALS } from './store.ts';

/** Log rows read at once. */
const PAGE = 64;
const GROUPS_AT_ONCE = 2000;

/** Fills the memory from the database: active series, metadata, counts, and the log that is not compacted yet. */
export async function load(db: Database, state: StoreState, now: number, log: Log): Promise<void> {
  const facts = new Map((await db.meta.findMany()).map(({ key, value }) => [key, value]));
  state.horizon = Number(facts.get(META.compactedTo) ?? 0);
  state.current.lastId = state.horizon;
  const arrived = JSON.parse(facts.get(META.arrived) ?? '{}');
  for (const signal of SIGNALS) {
    const { count = 0, last } = arrived[signal] ?? {};
    state.arrivals.set(signal, { count, last });
  }
  state.registry.clock = now;
  await loadGroups(db, state);
  for (const { name, type, help, unit } of await db.metricMetadata.findMany())
    state.metadata.set(name, { name, type: type as MetricType, help, unit });
  await follow(db, state, log);
}

/** Takes in all groups, and the members of those that had samples lately. */
async function loadGroups(db: Database, state: StoreState): Promise<void> {
  const { groups } = state.registry;
  let newest = Number.NEGATIVE_INFINITY;
  for (let after = -1; ; ) {
    const rows = await rawSql(db).query(
      `SELECT "id", "metric", "first", "last" FROM "SeriesGroup" WHERE "id" > ? ORDER BY "id" LIMIT ${GROUPS_AT_ONCE}`,
      [after],
    );
    for (const [id, metric, first, last] of rows) {
      after = rawNumber(id);
      const group = groups.restore(after, JSON.parse(String(metric)));
      group.first = rawNumber(first);
      group.last = rawNumber(last);
      newest = Math.max(newest, group.last);
    }
    if (rows.length < GROUPS_AT_ONCE) break;
  }
  const recent = [...groups.all()].filter((group) => group.last >= newest - IDLE_MS);
  await activate(db, state, recent, newest - IDLE_MS);
}

/** Makes the members of groups active that had samples since `since`. */
async function activate(
  db: Database,
  state: StoreState,
  groups: readonly Group[],
  since: number,
): Promise<void> {
  const byId = new Map(groups.map((group) => [group.id, group]));
  await new Catalog(db).members([...byId.keys()], (id, members) => {
    const group = byId.get(id);
    if (group !== undefined) activateGroup(state, group, members, since);
  });
}

function activateGroup(
  state: StoreState,
  group: Group,
  { labels, times }: GroupMembers,
  since: number,
): void {
  const { registry } = state;
  group.first = Number.POSITIVE_INFINITY;
  group.last = Number.NEGATIVE_INFINITY;
  while (group.slots.length < labels.length) group.slots.push(-1);
  for (const [place, set] of labels.entries()) {
    const lived = timesAt(times, place);
    if (set.length === 0 || lived === undefined) continue;
    if (lived.to >= since) {
      const slot = registry.restore(seriesId(group.id, place), set, true);
      registry.sawTimes(slot, lived.from, lived.to);
    } else if ((group.slots[place] ?? -1) < 0) {
      group.first = Math.min(group.first, lived.from);
      group.last = Math.max(group.last, lived.to);
    }
  }
  registry.groups.reopen(group);
}

/**
 * Replays rows of the log that the head does not hold yet.
 * @returns id of the newest row
 */
export async function follow(db: Database, state: StoreState, log: Log): Promise<number> {
  for (;;) {
    const rows = await rawSql(db).query(
      `SELECT "id", "signal", "receivedAt", "data" FROM "Batch" WHERE "id" > ? ORDER BY "id" LIMIT ${PAGE}`,
      [state.current.lastId],
    );
    for (const [id, signal, receivedAt, data] of rows) {
      const row = {
        id: rawNumber(id),
        signal: rawNumber(signal),
        receivedAt: rawNumber(receivedAt),
        data: new Uint8Array(rawBytes(data)),
      };
      try {
        try {
          replay(state.current, state, row);
        } catch (error) {
          if (!(error instanceof UnknownSeries)) throw error;
          // Samples of long ago: their series were active without having samples of late.
          const groups = [...new Set(Array.from(error.ids, groupOf))].map((id) =>
            state.registry.groups.get(id),
          );
          const known = groups.filter((group) => group !== undefined);
          await activate(db, state, known, Number.NEGATIVE_INFINITY);
          replay(state.current, state, row);
        }
      } catch (error) {
        // One unreadable row must not keep the others from being served.
        log.error('a row of the log cannot be read and is skipped', { row: row.id, error: String(error) });
        state.current.lastId = row.id;
      }
    }
    if (rows.length < PAGE) return state.current.lastId;
  }
}
