import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Fault } from '#lib/model/fault.ts';
import { backendOf, connectPostgres, connectSqlite, type DatabasePlace } from './database.ts';

const FOLDER = path.resolve(import.meta.dirname, '../../prisma/migrations');

/** The table Prisma's own tools read, so that they see what was applied. */
const TABLE = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
  "id" VARCHAR(36) PRIMARY KEY NOT NULL,
  "checksum" VARCHAR(64) NOT NULL,
  "finished_at" TIMESTAMP,
  "migration_name" VARCHAR(255) NOT NULL,
  "logs" TEXT,
  "rolled_back_at" TIMESTAMP,
  "started_at" TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "applied_steps_count" INTEGER NOT NULL DEFAULT 0
);`;

interface Migration {
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

function migrationsOf(folder: string): Migration[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => existsSync(path.join(folder, name, 'migration.sql')))
    .sort()
    .map((name) => {
      const sql = readFileSync(path.join(folder, name, 'migration.sql'), 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    });
}

/**
 * Brings the database to the newest schema. Each migration and its entry are one transaction: a kill leaves
 * the schema before it or after it. Throws a Fault when the database was made by a newer version.
 * @returns names of the migrations applied now
 */
export async function migrate(place: DatabasePlace, folder = FOLDER): Promise<string[]> {
  const adapter =
    place.databaseUrl === undefined
      ? await connectSqlite(place)
      : await connectPostgres(place.databaseUrl, 1);
  try {
    await adapter.executeScript(TABLE);
    const { rows } = await adapter.queryRaw({
      sql: 'SELECT "migration_name", "checksum" FROM "_prisma_migrations" WHERE "finished_at" IS NOT NULL',
      args: [],
      argTypes: [],
    });
    const applied = new Map(rows.map(([name, checksum]) => [String(name), String(checksum)]));
    const known = migrationsOf(path.join(folder, backendOf(place)));
    const unknown = [...applied.keys()].find((name) => !known.some((m) => m.name === name));
    if (unknown !== undefined)
      throw new Fault(
        500,
        'newer-database',
        `the database holds migration '${unknown}', which this version does not know: start the version that made it, or a newer one`,
      );
    const pending = known.filter((m) => !applied.has(m.name));
    for (const migration of pending) {
      // Names and checksums are our own file names and hex digits: nothing in them needs quoting.
      const entry = `INSERT INTO "_prisma_migrations" ("id", "checksum", "finished_at", "migration_name", "applied_steps_count")
        VALUES ('${migration.checksum.slice(0, 36)}', '${migration.checksum}', CURRENT_TIMESTAMP, '${migration.name}', 1);`;
      try {
        await adapter.executeScript(`BEGIN;\n${migration.sql}\n${entry}\nCOMMIT;`);
      } catch (error) {
        throw new Fault(
          500,
          'migration-failed',
          `migration '${migration.name}' failed and was undone: ${error instanceof Error ? error.message : error}`,
          { cause: error },
        );
      }
    }
    return pending.map((m) => m.name);
  } finally {
    await adapter.dispose();
  }
}
