/** The shop's own PostgreSQL, as a process: starts empty, ends with the process and leaves nothing behind. */
import { ftruncateSync, openSync, rmSync, writeSync } from 'node:fs';
import pg from 'pg';
import { onEnd, report, say } from '../lifecycle.ts';
import { startCluster } from './cluster.ts';
import { openLink } from './link.ts';
import { stopOrphan } from './orphan.ts';

const LOG_BYTES_MAX = 20 * 1024 * 1024;
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: 40,
  shared_buffers: '256MB',
  synchronous_commit: 'off',
  jit: 'off',
  max_parallel_workers_per_gather: 0,
  autovacuum_naptime: '5min',
  log_timezone: 'UTC',
  log_line_prefix: '%m [%p] %q%u@%d ',
  log_min_duration_statement: 20,
  log_lock_waits: 'on',
  deadlock_timeout: '200ms',
  log_checkpoints: 'off',
  shared_preload_libraries: 'auto_explain',
  'auto_explain.log_min_duration': 20,
  // Row counts prove a scan that filters nearly all away; the clock of every row would be the costly part.
  'auto_explain.log_analyze': 'on',
  'auto_explain.log_timing': 'off',
  'auto_explain.log_format': 'json',
};

const [directory = '', logFile = '', port = '', linkPort = ''] = process.argv.slice(2);
const password = process.env.SHOP_PASSWORD ?? '';

// Opened for appending: writing goes on at the new end after the file was cut.
const log = openSync(logFile, 'a', 0o600);
ftruncateSync(log);
onEnd(() => {
  // After a failed start it holds the reason.
  if (!process.exitCode) rmSync(logFile, { force: true });
});
let logged = 0;
function keep(text: string): void {
  if (logged > LOG_BYTES_MAX) {
    ftruncateSync(log);
    logged = 0;
  }
  logged += writeSync(log, text);
}

async function createDatabase(): Promise<void> {
  const client = new pg.Client({
    host: '127.0.0.1',
    port: Number(port),
    user: 'shop',
    password,
    database: 'postgres',
  });
  await client.connect();
  await client.query('CREATE DATABASE shop');
  await client.end();
}

try {
  await stopOrphan(directory);
  onEnd(
    await startCluster({
      directory,
      port: Number(port),
      user: 'shop',
      password,
      settings: SETTINGS,
      log: keep,
    }),
  );
  await createDatabase();
  await openLink(Number(linkPort), Number(port));
  report({ type: 'ready' });
} catch (error) {
  say(`PostgreSQL cannot start in ${directory}: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
  process.disconnect?.();
}
