import { type Runtime, runtime } from '#app/runtime.ts';
import { createDirect, type DirectHandler } from '#lib/http/direct.ts';
import { metricsHandler, tracesHandler } from './otlp.ts';
import { importHandler } from './text.ts';
import { writeHandler } from './write.ts';

/** The ingest paths that the server answers itself: a batch a second from each sender would pay for Next's objects. */
export function ingestHandlers(): ReadonlyMap<string, DirectHandler> {
  const direct = createDirect<Runtime>(runtime);
  return new Map([
    ['/api/v1/write', writeHandler(direct)],
    ['/api/v1/import/prometheus', importHandler(direct)],
    ['/v1/traces', tracesHandler(direct)],
    ['/v1/metrics', metricsHandler(direct)],
  ]);
}
