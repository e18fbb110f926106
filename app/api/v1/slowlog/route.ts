import { route } from '#app/handle-route.ts';
import { streamBody } from '#lib/http/body.ts';
import { json } from '#lib/http/fault-response.ts';
import { SlowLogDecoder } from '#lib/ingest/slow-log/decode.ts';
import { Fault } from '#lib/model/fault.ts';
import type { StatementBatch } from '#lib/model/statement.ts';

const FORMATS = ['auto', 'postgres', 'mysql'] as const;

/** Streamed: each stretch of the log is durable before the next is read, so a log of any size needs little memory. */
export const POST = route({ name: 'slowlog', signal: 'statements' }, async ({ request, url, runtime }) => {
  const asked = url.searchParams.get('format') ?? 'auto';
  const format = FORMATS.find((name) => name === asked);
  if (!format)
    throw new Fault(400, 'bad-format', `'format' is '${asked}'; choose one of ${FORMATS.join(', ')}`);
  const [service, instance, database] = ['service', 'instance', 'database'].map(
    (name) => url.searchParams.get(name) ?? '',
  );
  const decoder = new SlowLogDecoder({
    format,
    service: service ?? '',
    instance: instance ?? '',
    database: database ?? '',
    now: Date.now(),
  });
  const keep = async (batch: StatementBatch): Promise<void> => {
    if (batch.runs.length + batch.notices.length === 0) return;
    const result = await runtime.store.appendStatements(batch);
    runtime.self.ingested('statements', result.accepted, result.rejected);
  };
  for await (const part of streamBody(request)) await keep(decoder.push(part));
  await keep(decoder.end());
  return json(decoder.summary);
});
