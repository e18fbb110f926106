import { route } from '#app/handle-route.ts';
import { readBody, requireJson } from '#lib/http/body.ts';
import { decodeZipkin } from '#lib/ingest/zipkin/json.ts';
import { Fault } from '#lib/model/fault.ts';

const MAX_BYTES = 20 * 1024 * 1024;

/** Zipkin v2 JSON. The protocol has no partial success: good spans of a batch are kept, and bad ones answered 400. */
export const POST = route({ name: 'zipkin_spans', signal: 'spans' }, async ({ request, runtime }) => {
  requireJson(request);
  const body = await readBody(request, { maxBytes: MAX_BYTES, encodings: ['gzip'] });
  const { spans, rejected } = decodeZipkin(body);
  const result = await runtime.store.appendSpans(spans);
  const refused = [...rejected, ...result.rejected];
  runtime.self.ingested('spans', result.accepted, refused);
  const [first] = refused;
  if (!first) return new Response(null, { status: 202 });
  const count = refused.reduce((sum, { count }) => sum + count, 0);
  throw new Fault(
    400,
    first.reason,
    `${count} not stored, ${result.accepted} stored: ${refused.map((r) => r.message).join('; ')}`,
  );
});
