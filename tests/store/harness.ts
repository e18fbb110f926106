import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe } from 'vitest';
import { createLog } from '#lib/platform/log.ts';
import type { DatabasePlace } from '#lib/store/database.ts';
import { openStore, type StoreOptions } from '#lib/store/open.ts';
import type { Store } from '#lib/store/store.ts';
import { stopTestPostgres, testPostgres } from '#tests/support/postgres.ts';

export const NOW = Date.parse('2026-03-01T12:00:00Z');
export const HOUR = 3_600_000;
export const RANGE = { from: NOW - 24 * HOUR, to: NOW + HOUR };

/** A store that a test may close and open again; its clock stands at `NOW`. */
export interface StoreUnderTest {
  readonly backend: 'sqlite' | 'postgresql';
  place: DatabasePlace;
  store: Store;
  open(options?: Partial<StoreOptions>): Promise<Store>;
  /** Closes the store and opens it again. */
  reopen(options?: Partial<StoreOptions>): Promise<void>;
}

/** The same tests on both databases, each with an empty store. */
export function describeStore(what: string, tests: (it: StoreUnderTest) => void): void {
  describe.each(['sqlite', 'postgresql'] as const)(`${what} on %s`, (backend) => {
    let folder: string;
    const log = createLog(() => undefined);
    const it = {
      backend,
      open: (options = {}) => openStore({ ...it.place, log, now: () => NOW, ...options }),
      reopen: async (options = {}) => {
        await it.store.close();
        it.store = await it.open(options);
      },
    } as StoreUnderTest;

    beforeAll(async () => {
      if (backend === 'postgresql') await testPostgres();
    });
    afterAll(stopTestPostgres);
    beforeEach(async () => {
      folder = mkdtempSync(path.join(tmpdir(), 'chokepoint-store-'));
      const databaseUrl =
        backend === 'postgresql' ? await (await testPostgres()).createDatabase() : undefined;
      it.place = { dataDir: folder, databaseUrl };
      it.store = await it.open();
    });
    afterEach(async () => {
      await it.store.close();
      rmSync(folder, { recursive: true, force: true });
    });

    tests(it);
  });
}
