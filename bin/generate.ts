/**
 * Generates the Prisma clients of both databases from prisma/schema.prisma: `node bin/generate.ts`.
 * Does nothing when they already stand for this schema.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

export const PROVIDERS = ['sqlite', 'postgresql'] as const;
export type Provider = (typeof PROVIDERS)[number];

const ROOT = path.resolve(import.meta.dirname, '..');
const OUT = path.join(ROOT, 'lib/store/generated');

/** The schema as it reads for one database. */
export function providerSchema(schema: string, provider: Provider): string {
  return schema
    .replace('provider = "sqlite"', `provider = "${provider}"`)
    .replace(/(output\s*=\s*)"[^"]*"/, `$1${JSON.stringify(path.join(OUT, provider))}`);
}

/** @returns whether there was anything to do */
export function generate(): boolean {
  const schema = readFileSync(path.join(ROOT, 'prisma/schema.prisma'), 'utf8');
  const require = createRequire(import.meta.url);
  const version: string = require('prisma/package.json').version;
  const hash = createHash('sha256').update(`${version}\n${schema}`).digest('hex');
  const mark = path.join(OUT, 'schema.sha256');
  if (existsSync(mark) && readFileSync(mark, 'utf8') === hash) return false;
  rmSync(OUT, { recursive: true, force: true });
  for (const provider of PROVIDERS) {
    const file = path.join(ROOT, '.cache', `schema.${provider}.prisma`);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, providerSchema(schema, provider));
    const run = spawnSync(
      process.execPath,
      [require.resolve('prisma/build/index.js'), 'generate', '--schema', file],
      {
        cwd: ROOT,
        encoding: 'utf8',
        env: {
          ...process.env,
          // Generating never runs the schema engine, but the CLI would download it unless one is named.
          PRISMA_SCHEMA_ENGINE_BINARY: path.join(ROOT, 'package.json'),
          PRISMA_HIDE_UPDATE_MESSAGE: '1',
          CHECKPOINT_DISABLE: '1',
        },
      },
    );
    if (run.status !== 0)
      throw new Error(`prisma generate (${provider}) failed:\n${run.stdout}${run.stderr}`);
  }
  writeFileSync(mark, hash);
  return true;
}

if (import.meta.main)
  console.log(generate() ? 'Prisma clients generated.' : 'Prisma clients are up to date.');
