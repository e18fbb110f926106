import type { TimeRange } from '#lib/model/time-range.ts';
import { type BlockSeries, decodeMetricBlock } from '../codec/metric-block.ts';
import { type Database, rawSql } from '../database.ts';
import { rawBytes, rawNumber } from '../raw-sql.ts';
import { columnTime, DAY_BLOCK_MS } from '../resting.ts';
import { SliceOfTime } from '../slice-of-time.ts';
import { BlockCache } from './block-cache.ts';
import { TimesPool } from './times-pool.ts';

/** Groups asked for in one query. */
const GROUPS_AT_ONCE = 256;
/** Rows read in one query: SQLite answers on this thread. */
const ROWS_AT_ONCE = 64;
const SAMPLES_AT_ONCE = 2_000_000;
/** Of decoded samples kept at hand. */
const CACHE_BYTES = 128 * 2 ** 20;
/** Columns of times: a target's series all have the same, in whatever group. */
const TIMES_POOLED = 4096;
/** How often a block may vanish between two looks, because it was joined with others. */
const ATTEMPTS = 5;

interface BlockKey {
  readonly group: number;
  readonly start: number;
  readonly seq: number;
  readonly count: number;
  /** Joining gives a row the place of its oldest part, but never all of its figures. */
  readonly text: string;
  /** Place in the list of blocks. */
  readonly at: number;
}

/** Group → places in it. */
export type WantedPlaces = ReadonlyMap<number, Places>;
type Places = Pick<ReadonlySet<number>, 'has' | 'keys'>;

/** The wanted series of one block. */
export interface FoundBlock {
  readonly group: number;
  readonly seq: number;
  readonly series: readonly BlockSeries[];
}

export interface BlockReading {
  readonly wanted: WantedPlaces;
  readonly range: TimeRange;
  readonly signal?: AbortSignal | undefined;
  /** Told of how many samples are held so far, which may reach out of the range; ends the reading by throwing. */
  readonly held: (samples: number) => void;
}

/** A block was joined with others between two looks. */
class BlockGone extends Error {}

/** Resting samples, decoded in short stretches. */
export class BlockReader {
  private readonly db: Database;
  private readonly cache = new BlockCache(CACHE_BYTES);
  private readonly times = new TimesPool(TIMES_POOLED);

  constructor(db: Database) {
    this.db = db;
  }

  /** Every block of the groups that reaches into the range, by group and start. */
  async read(reading: BlockReading): Promise<FoundBlock[]> {
    const slice = new SliceOfTime();
    const groups = [...reading.wanted.keys()];
    const found: FoundBlock[] = [];
    let samples = 0;
    for (let i = 0; i < groups.length; i += GROUPS_AT_ONCE) {
      const part = groups.slice(i, i + GROUPS_AT_ONCE);
      const before = samples;
      const held = (more: number): void => reading.held(before + more);
      for (let attempt = 1; ; attempt++) {
        try {
          const batch = new BlockBatch(this.db, this.cache, this.times, { ...reading, held }, slice);
          await batch.read(await this.keys(part, reading.range));
          found.push(...batch.found);
          samples = before + batch.samples;
          break;
        } catch (error) {
          if (!(error instanceof BlockGone) || attempt === ATTEMPTS) throw error;
        }
      }
    }
    return found;
  }

  forget(groups: ReadonlySet<number>): void {
    this.cache.forget(groups);
  }

  private async keys(groups: readonly number[], range: TimeRange): Promise<BlockKey[]> {
    const rows = await rawSql(this.db).query(
      `SELECT "group", "start", "seq", "end", "count" FROM "MetricBlock" WHERE "group" IN (${groups
        .map(() => '?')
        .join(',')}) AND "start" > ? AND "start" <= ? AND "end" >= ? ORDER BY "group", "start"`,
      // A block spans at most a day: none that starts earlier can reach into the range.
      [...groups, columnTime(range.from - DAY_BLOCK_MS), columnTime(range.to), columnTime(range.from)],
    );
    return rows.map((row) => {
      const [group = 0, start = 0, seq = 0, , count = 0] = row.map(rawNumber);
      return { group, start, seq, count, text: row.join('/'), at: -1 };
    });
  }
}

/** Blocks of some groups, as they stand at one time. */
class BlockBatch {
  readonly found: FoundBlock[] = [];
  samples = 0;
  private readonly db: Database;
  private readonly cache: BlockCache;
  private readonly times: TimesPool;
  private readonly reading: BlockReading;
  private readonly slice: SliceOfTime;

  constructor(db: Database, cache: BlockCache, times: TimesPool, reading: BlockReading, slice: SliceOfTime) {
    this.db = db;
    this.cache = cache;
    this.times = times;
    this.reading = reading;
    this.slice = slice;
  }

  async read(keys: readonly BlockKey[]): Promise<void> {
    let missing: BlockKey[] = [];
    let samples = 0;
    for (const key of keys) {
      const series = this.cache.get(key.text, this.places(key).keys());
      // In its place already, so that the blocks stay in order.
      this.found.push({ group: key.group, seq: key.seq, series: series ?? [] });
      if (series !== undefined) this.count(series);
      else {
        missing.push({ ...key, at: this.found.length - 1 });
        samples += key.count;
      }
      await this.rest();
      if (missing.length < ROWS_AT_ONCE && samples < SAMPLES_AT_ONCE) continue;
      await this.fetch(missing);
      missing = [];
      samples = 0;
    }
    await this.fetch(missing);
  }

  private async fetch(keys: readonly BlockKey[]): Promise<void> {
    if (keys.length === 0) return;
    const rows = await rawSql(this.db).query(
      `SELECT "group", "start", "seq", "end", "count", "data" FROM "MetricBlock" WHERE ${keys
        .map(() => '("group" = ? AND "start" = ? AND "seq" = ?)')
        .join(' OR ')}`,
      keys.flatMap(({ group, start, seq }) => [group, start, seq]),
    );
    const data = new Map(rows.map((row) => [row.slice(0, 5).join('/'), rawBytes(row[5])]));
    for (const key of keys) {
      const bytes = data.get(key.text);
      if (bytes === undefined) throw new BlockGone();
      const places = this.places(key);
      const series = decodeMetricBlock(bytes, (index) => places.has(index)).map((one) => ({
        ...one,
        timestamps: this.times.share(one.timestamps),
      }));
      this.cache.put(key.text, key.group, places.keys(), series);
      this.found[key.at] = { group: key.group, seq: key.seq, series };
      this.count(series);
      await this.rest();
    }
  }

  private places(key: BlockKey): Places {
    return this.reading.wanted.get(key.group) ?? NO_PLACES;
  }

  private count(series: readonly BlockSeries[]): void {
    for (const { values } of series) this.samples += values.length;
    this.reading.held(this.samples);
  }

  /** Lets others have the event loop now and then. */
  private async rest(): Promise<void> {
    if (!this.slice.over()) return;
    await this.slice.next();
    this.reading.signal?.throwIfAborted();
  }
}

const NO_PLACES: Places = new Set<number>();
