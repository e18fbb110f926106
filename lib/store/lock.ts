import path from 'node:path';
import Sqlite from 'better-sqlite3';
import pg from 'pg';
import { Fault } from '#lib/model/fault.ts';
import type { DatabasePlace } from './database.ts';

/** Any number that no other program on the same server is likely to lock. */
const POSTGRES_KEY = 0x63_68_6f_6b_65;

/**
 * Keeps a second process off the same data: each would hold a head that the other's appends never reach. The
 * lock goes with the process, however it ends. Throws a Fault when the data is taken.
 * @returns gives the lock back
 */
export function lock(place: DatabasePlace): Promise<() => Promise<void>> {
  return place.databaseUrl === undefined ? lockFolder(place.dataDir) : lockServer(place.databaseUrl);
}

const inUse = (what: string): Fault =>
  new Fault(
    500,
    'data-in-use',
    `${what} is in use by another Chokepoint: stop that one first, or give this one its own`,
  );

async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const file = new Sqlite(path.join(folder, 'lock.db'), { timeout: 200 });
  try {
    file.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    file.close();
    throw error instanceof Error && 'code' in error && error.code === 'SQLITE_BUSY'
      ? inUse(`the data folder '${folder}'`)
      : error;
  }
  return async () => void file.close();
}

async function lockServer(url: string): Promise<() => Promise<void>> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'chokepoint-lock',
    keepAlive: true,
  });
  // A lost connection is told by the next query of the others; unhandled, it would end the process.
  client.on('error', () => undefined);
  await client.connect();
  const { rows } = await client.query('SELECT pg_try_advisory_lock($1) AS taken', [POSTGRES_KEY]);
  if (rows[0]?.taken !== true) {
    await client.end();
    throw inUse('the database that DATABASE_URL names');
  }
  return () => client.end();
}
