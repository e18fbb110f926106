import type { Runtime } from '#app/runtime.ts';
import type { createDirect, DirectHandler } from '#lib/http/direct.ts';
import { importOptions, textOf } from '#lib/ingest/prometheus-text/import-options.ts';
import { expositionParts } from '#lib/ingest/prometheus-text/parse.ts';
import { answerSamples } from './answer.ts';
import { appendAll, collect } from './parts.ts';

const MAX_BYTES = 32 * 1024 * 1024;

/** Prometheus text, or OpenMetrics held to its rules when the content type says so. */
export function importHandler(direct: ReturnType<typeof createDirect<Runtime>>): DirectHandler {
  return direct({ name: 'import_prometheus', signal: 'metrics' }, async (request) => {
    const options = importOptions(request.query, request.mediaType, Date.now());
    const body = await request.body({ maxBytes: MAX_BYTES, encodings: ['gzip', 'zstd', 'deflate'] });
    const { batches, rejected } = await collect(expositionParts(textOf(body), options));
    const { refused, accepted } = await appendAll(request.runtime.store, batches, rejected);
    request.runtime.self.ingested('metrics', accepted, refused);
    return answerSamples(accepted, refused);
  });
}
