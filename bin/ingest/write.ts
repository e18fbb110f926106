import type { Runtime } from '#app/runtime.ts';
import type { createDirect, DirectHandler } from '#lib/http/direct.ts';
import { ownFaultAnswer } from '#lib/http/fault-response.ts';
import { RemoteWriteDecoder } from '#lib/ingest/remote-write/decode.ts';
import { RemoteWrite2Decoder } from '#lib/ingest/remote-write/decode-v2.ts';
import { messageVersion } from '#lib/ingest/remote-write/negotiate.ts';
import { uncompress } from '#lib/ingest/remote-write/snappy.ts';
import { Fault } from '#lib/model/fault.ts';
import { answerSamples, writtenHeaders } from './answer.ts';
import { appendAll, collect, oneAtATime } from './parts.ts';

const MAX_BYTES = 32 * 1024 * 1024;
const NOTHING_WRITTEN = writtenHeaders({ samples: 0, histograms: 0, exemplars: 0 });

/** Prometheus remote_write 1.0 and 2.0. A batch with unacceptable parts is stored without them and answered 400 with the counts. */
export function writeHandler(direct: ReturnType<typeof createDirect<Runtime>>): DirectHandler {
  const decoders = { 1: new RemoteWriteDecoder(), 2: new RemoteWrite2Decoder() };
  const alone = oneAtATime();
  return direct(
    {
      name: 'write',
      signal: 'metrics',
      renderFault: (fault, { headers: { 'content-type': type = '' } }) => {
        const answer = ownFaultAnswer(fault);
        if (!type.includes('write.v2')) return answer;
        return { ...answer, headers: { ...NOTHING_WRITTEN, ...answer.headers } };
      },
    },
    async ({ incoming, runtime, body }) => {
      const version = messageVersion(incoming.headers['content-type'] ?? '');
      if (incoming.headers['content-encoding']?.toLowerCase() !== 'snappy')
        throw new Fault(
          415,
          'unsupported-encoding',
          'remote_write bodies are snappy blocks; send Content-Encoding: snappy',
        );
      const raw = uncompress(await body({ maxBytes: MAX_BYTES, encodings: ['snappy'] }), MAX_BYTES);
      const { batches, rejected } =
        version === 1 ? await collect(decoders[1].parts(raw)) : await alone(() => decoders[2].parts(raw));
      const { refused, accepted, written } = await appendAll(runtime.store, batches, rejected);
      runtime.self.ingested('metrics', accepted, refused);
      return answerSamples(accepted, refused, version === 2 ? writtenHeaders(written) : {});
    },
  );
}
