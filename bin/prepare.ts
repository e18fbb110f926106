/** Generates the database clients and builds the pages, each only when its sources changed. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';

const ROOT = path.dirname(import.meta.dirname);
const STAMP = path.join(ROOT, '.next', 'chokepoint-sources');

function run(args: readonly string[], what: string): void {
  const done = spawnSync(process.execPath, args, {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    env: { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
  });
  if (done.status !== 0) throw new Error(`${what} failed:\n${done.stdout}${done.stderr}`);
}

/** Hash of all that the built pages depend on. */
function sourcesHash(): string {
  const hash = createHash('sha256');
  const files = globSync(
    [
      'app/**/*',
      'components/**/*',
      'lib/**/*.{ts,md}',
      'next.config.ts',
      'postcss.config.mjs',
      'proxy.ts',
      'package-lock.json',
      'tsconfig.json',
    ],
    { cwd: ROOT, withFileTypes: true },
  )
    .filter(
      (entry) => entry.isFile() && !entry.name.includes('.test.') && !entry.parentPath.includes('generated'),
    )
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
  for (const file of files)
    hash.update(path.relative(ROOT, file)).update('\0').update(readFileSync(file)).update('\0');
  return hash.digest('hex');
}

export function generateClients(): void {
  run(['bin/generate.ts'], 'Generating the database clients');
}

/** @param say progress, a line each */
export function buildPages(say: (line: string) => void): void {
  const hash = sourcesHash();
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === hash) return;
  say('Building the pages (once after each change, about half a minute)…');
  const start = performance.now();
  run(['node_modules/next/dist/bin/next', 'build'], 'The build');
  writeFileSync(STAMP, hash);
  say(`Built in ${((performance.now() - start) / 1000).toFixed(0)} s.`);
}

if (import.meta.main) {
  generateClients();
  buildPages((line) => console.log(line));
}
