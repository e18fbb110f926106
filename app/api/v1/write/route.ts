import { answerSamples } from '#app/api/v1/sample-answer.ts';
import { route } from '#app/handle-route.ts';
import { mediaType, readBody } from '#lib/http/body.ts';
import { RemoteWriteDecoder } from '#lib/ingest/remote-write/decode.ts';
import { uncompress } from '#lib/ingest/remote-write/snappy.ts';
import { Fault } from '#lib/model/fault.ts';

const MAX_BYTES = 32 * 1024 * 1024;
const decoder = new RemoteWriteDecoder();

function checkHeaders(request: Request): void {
  const type = request.headers.get('content-type') ?? '';
  if (mediaType(request) !== 'application/x-protobuf' || type.includes('write.v2')) {
    throw new Fault(
      415,
      'unsupported-type',
      `Content-Type '${type.slice(0, 100)}' is not taken here; send application/x-protobuf (remote_write 1.0)`,
    );
  }
  if (request.headers.get('content-encoding')?.toLowerCase() !== 'snappy') {
    throw new Fault(
      415,
      'unsupported-encoding',
      'remote_write bodies are snappy blocks; send Content-Encoding: snappy',
    );
  }
}

/** Prometheus remote_write 1.0. A batch with unacceptable parts is stored without them and answered 400 with the counts. */
export const POST = route({ name: 'write', signal: 'metrics' }, async ({ request, runtime }) => {
  checkHeaders(request);
  const body = await readBody(request, { maxBytes: MAX_BYTES, encodings: ['snappy'] });
  const { batch, rejected } = decoder.decode(uncompress(body, MAX_BYTES));
  const result = await runtime.store.appendMetrics(batch);
  const refused = [...rejected, ...result.rejected];
  runtime.self.ingested('metrics', result.accepted, refused);
  return answerSamples(result.accepted, refused);
});
