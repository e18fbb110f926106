import type { ViewContext } from '#lib/views/view.ts';
import type { Runtime } from './runtime.ts';

/** What views answer from. @param signal aborts when nobody waits any more */
export function viewContext(runtime: Runtime, signal?: AbortSignal): ViewContext {
  const targets = runtime.targets?.();
  const config = runtime.configStatus?.();
  return {
    store: runtime.store,
    queries: runtime.queries,
    now: Date.now(),
    ...(signal ? { signal } : {}),
    ...(targets && config ? { scraping: { targets, config } } : {}),
  };
}
