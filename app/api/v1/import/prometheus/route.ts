import { answerSamples } from '#app/api/v1/sample-answer.ts';
import { route } from '#app/handle-route.ts';
import { mediaType, readBody } from '#lib/http/body.ts';
import { parseExposition } from '#lib/ingest/prometheus-text/parse.ts';

const MAX_BYTES = 32 * 1024 * 1024;

/** Prometheus text, or OpenMetrics held to its rules when the content type says so. */
export const POST = route({ name: 'import_prometheus', signal: 'metrics' }, async ({ request, runtime }) => {
  const body = await readBody(request, { maxBytes: MAX_BYTES, encodings: ['gzip'] });
  const strict = mediaType(request) === 'application/openmetrics-text';
  const exposition = parseExposition(new TextDecoder().decode(body), { now: Date.now(), strict });
  const result = await runtime.store.appendMetrics(exposition);
  const refused = [...exposition.rejected, ...result.rejected];
  runtime.self.ingested('metrics', result.accepted, refused);
  return answerSamples(result.accepted, refused);
});
