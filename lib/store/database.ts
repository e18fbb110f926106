import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3';
import { PrismaPg } from '@prisma/adapter-pg';
import type { IsolationLevel, SqlDriverAdapter, SqlQuery } from '@prisma/driver-adapter-utils';
import type { Backend } from './backend.ts';
import { PrismaClient as PostgresClient } from './generated/postgresql/client.ts';
import { Prisma, PrismaClient } from './generated/sqlite/client.ts';
import { nextTurn } from './next-turn.ts';
import { RawSql } from './raw-sql.ts';

/** Both generated clients have the same models; code is written against this one. */
export type Database = PrismaClient;
export { Prisma };

export interface DatabasePlace {
  /** Folder of the embedded database; must exist or be creatable. */
  readonly dataDir: string;
  /** PostgreSQL instead of the embedded database. */
  readonly databaseUrl: string | undefined;
}

export const backendOf = (place: DatabasePlace): Backend =>
  place.databaseUrl === undefined ? 'sqlite' : 'postgresql';

export const sqliteFile = (place: DatabasePlace): string => path.join(place.dataDir, 'chokepoint.db');

/**
 * SQLite: pages that become free can be given back (of databases that begin with that setting); FULL makes a commit
 * wait for the disk (WAL's default would lose the last ones with the power); the writer alone turns the log file back
 * into the database, in steps of about 16 MB.
 */
const SQLITE_PRAGMAS = `
PRAGMA auto_vacuum = INCREMENTAL;
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
PRAGMA busy_timeout = 10000;
PRAGMA wal_autocheckpoint = 4000;
PRAGMA journal_size_limit = 67108864;
PRAGMA cache_size = -32768;
PRAGMA temp_store = MEMORY;
`;

/** One SQLite connection with our settings. */
export async function connectSqlite(place: DatabasePlace): Promise<SqlDriverAdapter> {
  mkdirSync(place.dataDir, { recursive: true });
  const adapter = await new PrismaBetterSqlite3({ url: `file:${sqliteFile(place)}` }).connect();
  await adapter.executeScript(SQLITE_PRAGMAS);
  return givingTurns(adapter);
}

/**
 * SQLite answers at once, on the calling thread: a row of questions would be one long stretch in which nothing else
 * is served. Each one lets the event loop go round first.
 */
function givingTurns(adapter: SqlDriverAdapter): SqlDriverAdapter {
  const queryRaw = adapter.queryRaw.bind(adapter);
  const executeRaw = adapter.executeRaw.bind(adapter);
  const startTransaction = adapter.startTransaction.bind(adapter);
  return Object.assign(adapter, {
    queryRaw: (query: SqlQuery) => nextTurn().then(() => queryRaw(query)),
    executeRaw: (query: SqlQuery) => nextTurn().then(() => executeRaw(query)),
    startTransaction: (level?: IsolationLevel) => nextTurn().then(() => startTransaction(level)),
  });
}

/** One PostgreSQL connection pool. */
export function connectPostgres(url: string, connections: number): Promise<SqlDriverAdapter> {
  return new PrismaPg({ connectionString: url, max: connections }).connect();
}

const rawOf = new WeakMap<Database, RawSql>();

/** Statements on the same connection (SQLite) or pool (PostgreSQL), past the query engine. */
export function rawSql(db: Database): RawSql {
  const raw = rawOf.get(db);
  if (raw === undefined) throw new TypeError('not a database of openDatabase()');
  return raw;
}

/** @param connections for PostgreSQL; SQLite has one for each client */
export function openDatabase(place: DatabasePlace, connections: number): Database {
  const { databaseUrl } = place;
  let connected: Promise<SqlDriverAdapter> | undefined;
  const connect = (): Promise<SqlDriverAdapter> => {
    connected ??=
      databaseUrl === undefined ? connectSqlite(place) : connectPostgres(databaseUrl, connections);
    return connected;
  };
  let db: Database;
  if (databaseUrl === undefined) {
    db = new PrismaClient({ adapter: { provider: 'sqlite', adapterName: 'better-sqlite3', connect } });
  } else {
    const client = new PostgresClient({
      adapter: { provider: 'postgres', adapterName: '@prisma/adapter-pg', connect },
    });
    // The one cast between the two: same models, other SQL.
    db = client as unknown as Database;
  }
  rawOf.set(db, new RawSql(connect, backendOf(place)));
  return db;
}
