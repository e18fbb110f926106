// placeholder until the watcher is written
import type { Log } from '#lib/platform/log.ts';
import type { Store } from '#lib/store/store.ts';
export function startWatch(_options: { store: Store; log: Log }): { stop(): Promise<void> } {
  return { stop: async () => undefined };
}
