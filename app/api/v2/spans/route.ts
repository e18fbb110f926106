import { route } from '#app/handle-route.ts';
import { readBody } from '#lib/http/body.ts';
import { decodeZipkin } from '#lib/ingest/zipkin/json.ts';

const MAX_BYTES = 20 * 1024 * 1024;

/** Zipkin v2 JSON. */
export const POST = route({ name: 'zipkin_spans', signal: 'spans' }, async ({ request, runtime }) => {
  const { spans, rejected } = decodeZipkin(
    await readBody(request, { maxBytes: MAX_BYTES, encodings: ['gzip'] }),
  );
  const result = await runtime.store.appendSpans(spans);
  runtime.self.ingested('spans', result.accepted, [...rejected, ...result.rejected]);
  return new Response(null, { status: 202 });
});
