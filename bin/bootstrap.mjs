// Runs on any Node ≥ 20 with nothing installed: brings in the dependencies, then hands over to Node 24.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

export const ROOT = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const STAMP = path.join(ROOT, 'node_modules', '.chokepoint-lock');

/**
 * Prisma's query compiler is WebAssembly and runs in two threads. When one of them compiles a call from it into
 * JavaScript anew ("tier up"), V8 can free machine code that the other has freed already, and ends the process.
 */
const ONE_TIER_OF_WASM = '--wasm-wrapper-tiering-budget=1000000000';

/**
 * V8 lets a heap that may become large grow to four times what lives in it before it collects, and keeps up to 96 MB for
 * new objects. With these bounds it stays below twice; what is stored lies outside the heap.
 */
const SMALL_HEAP = ['--max-old-space-size=1536', '--max-semi-space-size=16'];

export const V8_FLAGS = [ONE_TIER_OF_WASM, ...SMALL_HEAP];

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

function installDependencies() {
  const lock = createHash('sha256')
    .update(readFileSync(path.join(ROOT, 'package-lock.json')))
    .digest('hex');
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === lock) return;
  process.stdout.write('Installing dependencies (once, about a minute)…\n');
  const npm = process.env.npm_execpath;
  // The outer `npm run` exports its own settings and package; the install must not inherit them.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([k]) => !/^npm_(package|lifecycle|command)/.test(k)),
  );
  const args = ['ci', '--no-fund', '--no-audit', '--loglevel=error'];
  const done = npm
    ? spawnSync(process.execPath, [npm, ...args], { cwd: ROOT, stdio: 'inherit', env })
    : spawnSync('npm', args, { cwd: ROOT, stdio: 'inherit', env, shell: process.platform === 'win32' });
  if (done.status !== 0)
    fail(
      'Could not install the dependencies; see npm’s message above. Check the connection to the npm registry, then start again.',
    );
  mkdirSync(path.dirname(STAMP), { recursive: true });
  writeFileSync(STAMP, lock);
}

/** A Node that runs TypeScript files directly and has zstd: the pinned one, else this one when it is new enough. */
function modernNode() {
  const pinned = path.join(
    ROOT,
    'node_modules',
    'node',
    'bin',
    process.platform === 'win32' ? 'node.exe' : 'node',
  );
  if (existsSync(pinned) && spawnSync(pinned, ['--version']).status === 0) return pinned;
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 18)) return process.execPath;
  return fail(
    `Chokepoint needs Node 22.18 or newer and this is ${process.version}: the pinned Node 24 could not be installed from npm. Install Node 24 (https://nodejs.org), then start again.`,
  );
}

/** Installs what is missing and returns the path of the Node to run everything else with. */
export function bootstrap() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < 20)
    fail(
      `Chokepoint needs Node 20 or newer to start; this is ${process.version}. Install Node 24 (https://nodejs.org), then start again.`,
    );
  installDependencies();
  return modernNode();
}

/** Runs a script with that Node in the foreground; its end is ours, our end is its. */
export function handOver(node, args, env = {}) {
  const bin = path.join(ROOT, 'node_modules', '.bin');
  const child = spawn(node, [...V8_FLAGS, ...args], {
    cwd: ROOT,
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: {
      ...process.env,
      ...env,
      PATH: [path.dirname(node), bin, process.env.PATH].join(path.delimiter),
      NODE_NO_WARNINGS: '1',
      // glibc gives every thread an arena of its own and keeps what was freed in it; two are enough here.
      MALLOC_ARENA_MAX: process.env.MALLOC_ARENA_MAX ?? '2',
    },
  });
  // Ctrl-C reaches the whole process group by itself; a second copy from here would read as "hurry up".
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  // npm passes SIGTERM to the shell between us and dies with it: losing the parent is how that signal arrives here.
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) child.kill('SIGTERM');
  }, 250).unref();
  child.on('error', (error) => fail(`Could not run ${node}: ${error.message}`));
  child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
}
