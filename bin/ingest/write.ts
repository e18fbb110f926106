import type { Runtime } from '#app/runtime.ts';
import type { createDirect, DirectHandler } from '#lib/http/direct.ts';
import { ownFaultAnswer } from '#lib/http/fault-response.ts';
import { RemoteWriteDecoder } from '#lib/ingest/remote-write/decode.ts';
import { RemoteWrite2Decoder } from '#lib/ingest/remote-write/decode-v2.ts';
import { messageVersion } from '#lib/ingest/remote-write/negotiate.ts';
import { uncompress } from '#lib/ingest/remote-write/snappy.ts';
import { Fault } from '#lib/model/fault.ts';
import { answerSamples, writtenHeaders, writtenOf } from './answer.ts';

const MAX_BYTES = 32 * 1024 * 1024;
const NOTHING_WRITTEN = writtenHeaders({ samples: 0, histograms: 0, exemplars: 0 });

/** Prometheus remote_write 1.0 and 2.0. A batch with unacceptable parts is stored without them and answered 400 with the counts. */
export function writeHandler(direct: ReturnType<typeof createDirect<Runtime>>): DirectHandler {
  const decoders = { 1: new RemoteWriteDecoder(), 2: new RemoteWrite2Decoder() };
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
      const { batch, rejected } = decoders[version].decode(raw);
      const result = await runtime.store.appendMetrics(batch);
      const refused = [...rejected, ...result.rejected];
      runtime.self.ingested('metrics', result.accepted, refused);
      return answerSamples(
        result.accepted,
        refused,
        version === 2 ? writtenHeaders(writtenOf(batch, result)) : {},
      );
    },
  );
}
