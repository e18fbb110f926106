import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { connectPostgres, connectSqlite, type DatabasePlace } from '#lib/store/database.ts';
import { migrate } from '#lib/store/migrate.ts';
import { stopTestPostgres, testPostgres } from '#tests/support/postgres.ts';

afterAll(stopTestPostgres);

describe.each(['sqlite', 'postgresql'] as const)('migrations on %s', (backend) => {
  let folder: string;
  let place: DatabasePlace;
  beforeEach(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'chokepoint-migrate-'));
    const databaseUrl = backend === 'postgresql' ? await (await testPostgres()).createDatabase() : undefined;
    place = { dataDir: folder, databaseUrl };
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const write = (name: string, sql: string): void => {
    mkdirSync(path.join(folder, 'migrations', backend, name), { recursive: true });
    writeFileSync(path.join(folder, 'migrations', backend, name, 'migration.sql'), sql);
  };
  const run = () => migrate(place, path.join(folder, 'migrations'));
  const query = async (sql: string): Promise<unknown[][]> => {
    const adapter =
      place.databaseUrl === undefined
        ? await connectSqlite(place)
        : await connectPostgres(place.databaseUrl, 1);
    try {
      return (await adapter.queryRaw({ sql, args: [], argTypes: [] })).rows;
    } finally {
      await adapter.dispose();
    }
  };

  test('the real ones apply once', async () => {
    expect((await migrate(place)).length).toBeGreaterThan(0);
    expect(await migrate(place)).toEqual([]);
  });

  test('new ones follow in order, and each is recorded', async () => {
    write('1_one', 'CREATE TABLE one (n INTEGER);');
    expect(await run()).toEqual(['1_one']);
    write('3_three', 'INSERT INTO two VALUES (3);');
    write('2_two', 'CREATE TABLE two (n INTEGER);');
    expect(await run()).toEqual(['2_two', '3_three']);
    expect(await query('SELECT n FROM two')).toEqual([[3]]);
    expect(await query('SELECT "migration_name" FROM "_prisma_migrations" ORDER BY 1')).toHaveLength(3);
  });

  test('one that fails leaves nothing behind and can be mended', async () => {
    write('1_bad', 'CREATE TABLE half (n INTEGER); INSERT INTO nowhere VALUES (1);');
    await expect(run()).rejects.toMatchObject({
      code: 'migration-failed',
      message: expect.stringContaining('1_bad'),
    });
    await expect(query('SELECT n FROM half')).rejects.toThrow();
    write('1_bad', 'CREATE TABLE half (n INTEGER);');
    expect(await run()).toEqual(['1_bad']);
  });

  test('a database of a newer version is not touched', async () => {
    write('1_one', 'CREATE TABLE one (n INTEGER);');
    await run();
    await expect(migrate(place)).rejects.toMatchObject({ code: 'newer-database' });
  });
});
