/**
 * Writes a migration for both databases: `node bin/migration.ts <name>`.
 * It compares prisma/migrations/schema.snapshot.prisma (the schema as of the last migration) with
 * prisma/schema.prisma and leaves prisma/migrations/<provider>/<time>_<name>/migration.sql.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3';
import {
  bindMigrationAwareSqlAdapterFactory,
  ColumnTypeEnum,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
} from '@prisma/driver-adapter-utils';
import type { SchemaEngine } from '@prisma/schema-engine-wasm';
import { PROVIDERS, type Provider, providerSchema } from './generate.ts';

const ROOT = path.resolve(import.meta.dirname, '..');
const SNAPSHOT = path.join(ROOT, 'prisma/migrations/schema.snapshot.prisma');

/** The engine's package imports its .wasm file as a module, which Node 24 only does behind a flag. */
async function loadEngine(): Promise<typeof SchemaEngine> {
  const folder = path.dirname(createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm'));
  const glue = await import(pathToFileURL(path.join(folder, 'schema_engine_bg.js')).href);
  const wasm = await WebAssembly.instantiate(readFileSync(path.join(folder, 'schema_engine_bg.wasm')), {
    './schema_engine_bg.js': glue,
  });
  glue.__wbg_set_wasm(wasm.instance.exports);
  (wasm.instance.exports.__wbindgen_start as () => void)();
  return glue.SchemaEngine;
}

/** Stands in for a server: the engine asks for its version and name before it compares two schemas. */
const silentPostgres: SqlMigrationAwareDriverAdapterFactory = {
  provider: 'postgres',
  adapterName: 'silent-postgres',
  connect: () => Promise.resolve(silentConnection),
  connectToShadowDb: () => Promise.resolve(silentConnection),
};
const silentConnection: SqlDriverAdapter = {
  provider: 'postgres',
  adapterName: 'silent-postgres',
  queryRaw: () =>
    Promise.resolve({
      columnNames: ['exists', 'version', 'numeric_version'],
      columnTypes: [ColumnTypeEnum.Boolean, ColumnTypeEnum.Text, ColumnTypeEnum.Int32],
      rows: [[true, 'PostgreSQL 15.0', 150000]],
    }),
  executeRaw: () => Promise.resolve(0),
  executeScript: () => Promise.resolve(),
  startTransaction: () => Promise.reject(new Error('no transactions here')),
  dispose: () => Promise.resolve(),
};

async function diff(
  Engine: typeof SchemaEngine,
  provider: Provider,
  from: string | undefined,
  to: string,
): Promise<string> {
  // Comparing two schemas asks no database: the adapter only tells the engine which SQL to write.
  const factory = provider === 'sqlite' ? new PrismaBetterSqlite3({ url: ':memory:' }) : silentPostgres;
  const schemas = (content: string) => [
    { path: 'schema.prisma', content: providerSchema(content, provider) },
  ];
  const engine = await Engine.new(
    { datamodels: schemas(to).map((s) => [s.path, s.content] as [string, string]) },
    () => undefined,
    bindMigrationAwareSqlAdapterFactory(factory),
  );
  const result = await engine.diff({
    from: from === undefined ? { tag: 'empty' } : { tag: 'schemaDatamodel', files: schemas(from) },
    to: { tag: 'schemaDatamodel', files: schemas(to) },
    script: true,
    exitCode: null,
    filters: { externalTables: [], externalEnums: [] },
  });
  return result.stdout ?? '';
}

const name = process.argv[2];
if (name === undefined || !/^[a-z][a-z0-9_]*$/.test(name)) {
  console.error('usage: node bin/migration.ts <name>   (name: lower-case letters, digits, _)');
  process.exit(2);
}
const to = readFileSync(path.join(ROOT, 'prisma/schema.prisma'), 'utf8');
const from = existsSync(SNAPSHOT) ? readFileSync(SNAPSHOT, 'utf8') : undefined;
const stamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
const scripts: [string, string][] = [];
const Engine = await loadEngine();
for (const provider of PROVIDERS) scripts.push([provider, await diff(Engine, provider, from, to)]);
if (scripts.every(([, sql]) => !/^(?!--)\S/m.test(sql))) {
  console.log('The schema has not changed since the last migration.');
} else {
  for (const [provider, sql] of scripts) {
    const folder = path.join(ROOT, 'prisma/migrations', provider, `${stamp}_${name}`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'migration.sql'), `${sql.trim()}\n`);
    console.log(path.relative(ROOT, folder));
  }
  writeFileSync(SNAPSHOT, to);
}
