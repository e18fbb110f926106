import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { PROVIDERS, providerSchema } from './generate.ts';

const prisma = path.resolve(import.meta.dirname, '../prisma');
const schema = readFileSync(path.join(prisma, 'schema.prisma'), 'utf8');

test('the schema of each database differs in provider and output only', () => {
  const [sqlite = [], postgresql = []] = PROVIDERS.map((p) => providerSchema(schema, p).split('\n'));
  const changed = sqlite.filter((line, i) => line !== postgresql[i]);
  expect(changed).toHaveLength(2);
  expect(postgresql.join('\n')).toContain('provider = "postgresql"');
});

test('the schema has no change without a migration (node bin/migration.ts <name> writes one)', () => {
  expect(readFileSync(path.join(prisma, 'migrations/schema.snapshot.prisma'), 'utf8')).toBe(schema);
});

test('both databases have the same migrations', () => {
  const [sqlite, postgresql] = PROVIDERS.map((p) => readdirSync(path.join(prisma, 'migrations', p)).sort());
  expect(sqlite).toEqual(postgresql);
});
