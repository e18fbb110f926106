import { mkdirSync, statSync } from 'node:fs';
import { Fault } from '#lib/model/fault.ts';
import type { Log } from '#lib/platform/log.ts';
import { LogAppender } from './appender.ts';
import { type CompactionThresholds, Compactor } from './compactor.ts';
import { findingStore } from './control/findings.ts';
import { shareStore } from './control/share.ts';
import { stepStore } from './control/steps.ts';
import { convertOldStore } from './convert/old-store.ts';
import { backendOf, type Database, type DatabasePlace, openDatabase, sqliteFile } from './database.ts';
import { StoredEventReader } from './events/reader.ts';
import { follow, load } from './load.ts';
import { lock } from './lock.ts';
import { StoredMetricReader } from './metrics/reader.ts';
import { migrate } from './migrate.ts';
import { blockOf, DAY_BLOCK_MS, ROLLUPS_MS } from './resting.ts';
import { StoreState } from './state.ts';
import { StoredStatementReader } from './statements/reader.ts';
import type { Store, StoreStats } from './store.ts';
import { StoredTraceReader } from './traces/reader.ts';
import { WriterClient } from './writer/client.ts';
import type { GroupChanges } from './writer/messages.ts';

const PRUNE_EVERY_MS = 3_600_000;
const MAX_SERIES = 1_000_000;
/** A tenth of a second at start, which the first dashboards gain many times over. */
const WARM_UP_SAMPLES = 1_000_000;
const DAY_MS = 24 * 3_600_000;
const ROLLUP_RETENTION: RollupRetention = { fiveMinutes: 90 * DAY_MS, oneHour: 400 * DAY_MS };
const PROBE_EVERY_MS = 2000;
/** Connections for reading, on PostgreSQL. */
const READ_CONNECTIONS = 6;

const overloaded = (): Fault =>
  new Fault(
    503,
    'store-overloaded',
    'more data arrives than can be put to rest: send again later, or send less',
    { headers: { 'retry-after': '10' } },
  );

export interface StoreOptions {
  /** Folder for the embedded database; made if it is not there. */
  readonly dataDir: string;
  /** PostgreSQL instead of the embedded database. */
  readonly databaseUrl?: string | undefined;
  /** How long telemetry is kept, ms; undefined keeps all. */
  readonly retentionMs?: number | undefined;
  /** The same for the rollups that stand in for samples afterwards. */
  readonly rollupRetentionMs?: RollupRetention | undefined;
  /** New series are refused while this many are active. */
  readonly maxSeries?: number | undefined;
  readonly now?: () => number;
  readonly log: Log;
  readonly compaction?: Partial<CompactionThresholds>;
}

/** By resolution; undefined keeps all. */
export interface RollupRetention {
  readonly fiveMinutes: number | undefined;
  readonly oneHour: number | undefined;
}

/** Opens the store: migrates the database, replays the log, starts the writer thread and the jobs. */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { dataDir, databaseUrl } = options;
  const place: DatabasePlace = { dataDir, databaseUrl };
  mkdirSync(dataDir, { recursive: true });
  const unlock = await lock(place);
  try {
    return await openLocked(options, place, unlock);
  } catch (error) {
    await unlock();
    throw error;
  }
}

async function openLocked(
  options: StoreOptions,
  place: DatabasePlace,
  unlock: () => Promise<void>,
): Promise<Store> {
  const { retentionMs, log, now = Date.now } = options;
  const applied = await migrate(place);
  if (applied.length > 0) log.info('database schema brought up to date', { migrations: applied.length });

  const db = openDatabase(place, READ_CONNECTIONS);
  await convertOldStore(db, backendOf(place), log);
  const state = new StoreState();
  state.registry.maxSeries = options.maxSeries ?? MAX_SERIES;
  await load(db, state, now(), log);

  let writable = true;
  let closed = false;
  const writer = new WriterClient(
    { place },
    log,
    () => follow(db, state, log),
    (ok) => {
      if (writable !== ok) log.warn(ok ? 'the database takes data again' : 'the database does not take data');
      writable = ok;
    },
  );
  const compactor = new Compactor({
    state,
    writer,
    log,
    now,
    thresholds: options.compaction ?? {},
    vacated: (group) => metrics.forgetMembers(group),
  });
  const appender = new LogAppender({
    state,
    writer,
    now,
    retentionMs,
    refusal: () => {
      if (closed) return new Fault(503, 'store-closed', 'the server is stopping: send again');
      return compactor.overloaded() ? overloaded() : undefined;
    },
    appended: () => compactor.check(),
  });

  const { fiveMinutes, oneHour } = options.rollupRetentionMs ?? ROLLUP_RETENTION;
  const metrics = new StoredMetricReader({
    db,
    state,
    rollupsEnd: () => blockOf(now(), DAY_BLOCK_MS),
  });
  const changed = (changes: GroupChanges): void => {
    metrics.forget(changes);
    for (const id of changes.dropped) state.registry.groups.drop(id);
  };
  /** @param rollups time before which those of a resolution go, by how long they are kept */
  const dropBefore = async (
    before: number,
    rollups: (keptMs: number | undefined) => number,
  ): Promise<void> => {
    const groups = [...state.registry.groups.all()];
    changed(
      await writer.call('prune', {
        before,
        now: now(),
        rollups: [fiveMinutes, oneHour].map((keptMs, i) => ({
          resolutionMs: ROLLUPS_MS[i] as number,
          before: rollups(keptMs),
        })),
        active: groups.filter((group) => group.active > 0).map(({ id }) => id),
      }),
    );
  };
  const cutOff = (keptMs: number | undefined): number =>
    // Without a bound only expired shares go.
    keptMs === undefined ? Number.MIN_SAFE_INTEGER : now() - keptMs;
  const pruneByAge = (): void => {
    dropBefore(cutOff(retentionMs), cutOff).catch((error: unknown) => {
      if (!closed) log.error('dropping old data failed', { error: String(error) });
    });
  };
  const prune = async (before: number): Promise<void> => {
    // What is still in memory can only be dropped once it rests.
    await compactor.run();
    await dropBefore(before, () => before);
  };
  const deleteSeries: Store['deleteSeries'] = async (matcherSets, range) => {
    await compactor.run();
    const found = await metrics.findAny(matcherSets, range);
    const ids = found.flatMap((member) => member.ids);
    changed(await writer.call('deleteSeries', { ids, range }));
    state.deleted(ids, range);
  };
  const jobs = [
    setInterval(pruneByAge, PRUNE_EVERY_MS),
    setInterval(() => {
      if (writable) return;
      writer.call('probe', undefined).then(
        () => {
          log.info('the database takes data again');
          writable = true;
        },
        () => undefined,
      );
    }, PROBE_EVERY_MS),
  ];
  for (const job of jobs) job.unref();
  await metrics.warmUp(WARM_UP_SAMPLES).catch((error: unknown) => {
    log.warn('stored samples cannot be read', { error: String(error) });
  });
  compactor.start();
  pruneByAge();

  const close = async (): Promise<void> => {
    closed = true;
    for (const job of jobs) clearInterval(job);
    await compactor.stop();
    await db.$disconnect();
    await writer.close();
    await unlock();
  };
  let closing: Promise<void> | undefined;

  return {
    appendMetrics: (batch) => appender.appendMetrics(batch),
    appendSpans: (spans) => appender.appendSpans(spans),
    appendStatements: (batch) => appender.appendStatements(batch),
    appendEvents: (events) => appender.appendEvents(events),
    metrics,
    traces: new StoredTraceReader(db, state),
    statements: new StoredStatementReader(db, state),
    events: new StoredEventReader(db, state),
    findings: findingStore(db, writer),
    share: shareStore(db, writer),
    steps: stepStore(db, writer),
    stats: async () => ({
      ...memoryStats(state),
      backend: backendOf(place),
      bytes: await bytesOf(db, place),
    }),
    compact: () => compactor.run(),
    prune,
    deleteSeries,
    writable: () => writable && !closed,
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}

function memoryStats(state: StoreState): Omit<StoreStats, 'backend' | 'bytes'> {
  const { heads } = state.view();
  return {
    series: state.registry.size,
    headSamples: heads.reduce((sum, head) => sum + head.sampleCount, 0),
    logRows: heads.reduce((sum, head) => sum + head.rows, 0),
    arrived: state.arrivedRecord(),
  };
}

async function bytesOf(db: Database, place: DatabasePlace): Promise<number> {
  if (place.databaseUrl !== undefined) {
    const [row] = await db.$queryRaw<
      { bytes: bigint }[]
    >`SELECT pg_database_size(current_database()) AS bytes`;
    return Number(row?.bytes ?? 0);
  }
  const file = sqliteFile(place);
  return [file, `${file}-wal`].reduce(
    (sum, name) => sum + (statSync(name, { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
}
