import { type Labels, METRIC_NAME } from '#lib/model/labels.ts';
import type { TimeRange } from '#lib/model/time-range.ts';
import { timesAt } from '../codec/group-times.ts';
import { type Database, rawSql } from '../database.ts';
import { rawNumber } from '../raw-sql.ts';
import { SliceOfTime } from '../slice-of-time.ts';
import type { StoreState } from '../state.ts';
import type { Cardinality, NamedCount } from '../store.ts';
import type { Catalog } from './catalog.ts';

const TOP = 10;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Counts over series, each seen once. */
class Counts {
  series = 0;
  labelPairs = 0;
  oldest = Number.POSITIVE_INFINITY;
  newest = Number.NEGATIVE_INFINITY;
  /** Name → value → series. */
  readonly byPair = new Map<string, Map<string, number>>();
  readonly born = new Map<number, number>();
  readonly ended = new Map<number, number>();

  add(labels: Labels, from: number, to: number): void {
    this.series++;
    for (const [name, value] of labels) {
      let values = this.byPair.get(name);
      if (values === undefined) {
        values = new Map();
        this.byPair.set(name, values);
      }
      const before = values.get(value) ?? 0;
      if (before === 0) this.labelPairs++;
      values.set(value, before + 1);
    }
    this.oldest = Math.min(this.oldest, from);
    this.newest = Math.max(this.newest, to);
    bump(this.born, hourOf(from));
    bump(this.ended, hourOf(to));
  }
}

/** The ten largest, by count and then by name. */
class Largest {
  readonly list: NamedCount[] = [];

  add(name: () => string, count: number): void {
    const least = this.list.at(-1);
    if (this.list.length === TOP && least !== undefined && count < least.count) return;
    this.list.push({ name: name(), count });
    this.list.sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
    if (this.list.length > TOP) this.list.pop();
  }
}

const hourOf = (at: number): number => Math.floor(at / HOUR_MS) * HOUR_MS;
const bump = (counts: Map<number, number>, key: number): void => {
  counts.set(key, (counts.get(key) ?? 0) + 1);
};

/** What takes the room: over the active series, or over those that have samples in the range. */
export async function readCardinality(
  db: Database,
  { registry }: StoreState,
  catalog: Catalog,
  range?: TimeRange,
): Promise<Cardinality> {
  const counts = new Counts();
  const slice = new SliceOfTime();
  const { from, to } = range ?? { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };
  for (let slot = 0; slot < registry.slots; slot++) {
    const { oldest, newest } = registry.times(slot);
    if (registry.isActive(slot) && newest >= from && oldest <= to)
      counts.add(registry.labels(slot), oldest, newest);
    if (slice.over()) await slice.next();
  }
  if (range !== undefined) {
    const groups = [...registry.groups.all()].filter((group) => group.first <= to && group.last >= from);
    await catalog.members(
      groups.map(({ id }) => id),
      (id, { labels, times }) => {
        for (const [place, set] of labels.entries()) {
          if (set.length === 0 || (registry.groups.get(id)?.slots[place] ?? -1) >= 0) continue;
          const lived = timesAt(times, place);
          if (lived !== undefined && lived.to >= from && lived.from <= to)
            counts.add(set, lived.from, lived.to);
        }
      },
    );
  }
  const metrics = new Largest();
  for (const [name, count] of counts.byPair.get(METRIC_NAME) ?? []) metrics.add(() => name, count);
  const [row] = await rawSql(db).query('SELECT COUNT(*) FROM "MetricBlock"', []);
  const newest = counts.series > 0 ? counts.newest : undefined;
  const pairs = new Largest();
  const byLabel = new Largest();
  const bytes = new Largest();
  for (const [name, values] of counts.byPair) {
    byLabel.add(() => name, values.size);
    let size = 0;
    for (const [value, count] of values) {
      size += value.length * count;
      pairs.add(() => `${name}=${value}`, count);
      if (slice.over()) await slice.next();
    }
    bytes.add(() => name, size);
  }
  return {
    series: counts.series,
    labelPairs: counts.labelPairs,
    chunks: rawNumber(row?.[0] ?? 0),
    oldest: counts.series > 0 ? counts.oldest : undefined,
    newest,
    seriesByMetric: metrics.list,
    valuesByLabel: byLabel.list,
    bytesByLabel: bytes.list,
    seriesByPair: pairs.list,
    born: lastDay(counts.born, newest),
    // What was heard of in the last hour has not ended.
    ended: lastDay(counts.ended, newest).filter(([hour]) => newest === undefined || hour < hourOf(newest)),
  };
}

const lastDay = (counts: Map<number, number>, newest = 0): (readonly [number, number])[] =>
  [...counts].filter(([hour]) => hour > newest - DAY_MS).sort(([a], [b]) => a - b);
