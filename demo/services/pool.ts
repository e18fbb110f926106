import { createRequire } from 'node:module';
import type Pg from 'pg';
import { Gauge, Histogram } from 'prom-client';
import { onEnd, say } from '../lifecycle.ts';

// `require`, not `import`: only so does the instrumentation see the module being loaded.
const pg = createRequire(import.meta.url)('pg') as typeof Pg;

const POOL_MAX = 10;

export const pool = new pg.Pool({
  connectionString: process.env.DATABASE_URL,
  max: POOL_MAX,
  idleTimeoutMillis: 60_000,
  application_name: 'orders',
});
pool.on('error', (error) => say(`a database connection broke: ${error.message}`));
onEnd(() => pool.end());

/** A connection beside the pool, for work that must not take one from the requests. */
export function ownClient(applicationName: string): Pg.Client {
  return new pg.Client({ connectionString: process.env.DATABASE_URL, application_name: applicationName });
}

const waits = new Histogram({
  name: 'pg_pool_wait_seconds',
  help: 'Time that requests wait for a connection of the pool, in seconds.',
  buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
});

function watch(name: string, help: string, read: () => number): void {
  new Gauge({
    name,
    help,
    collect() {
      this.set(read());
    },
  });
}
watch('pg_pool_max', 'Connections that the pool may open.', () => POOL_MAX);
watch('pg_pool_total', 'Connections that the pool has open.', () => pool.totalCount);
watch('pg_pool_idle', 'Open connections that nobody uses.', () => pool.idleCount);
watch('pg_pool_waiting', 'Callers that wait for a connection.', () => pool.waitingCount);

/** Runs `work` with one connection of the pool. */
export async function withConnection<T>(work: (client: Pg.PoolClient) => Promise<T>): Promise<T> {
  const stop = waits.startTimer();
  const client = await pool.connect();
  stop();
  try {
    return await work(client);
  } finally {
    client.release();
  }
}
