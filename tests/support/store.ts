import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createLog } from '#lib/platform/log.ts';
import { openStore } from '#lib/store/open.ts';
import type { Store } from '#lib/store/store.ts';

/** A real store in a folder of its own, which `done` removes. */
export async function temporaryStore(
  now?: () => number,
): Promise<{ store: Store; done: () => Promise<void> }> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'chokepoint-store-'));
  const store = await openStore({ dataDir, log: createLog(() => undefined), ...(now ? { now } : {}) });
  return {
    store,
    async done() {
      await store.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
