/**
 * How fast the wire formats decode on one core.
 *
 *   node bench/decode.ts remote-write bodies.bin      bodies as `remote-write.mjs --dry-run --save` writes them
 *   node bench/decode.ts otlp body.bin | body.json    one ExportTraceServiceRequest, protobuf or JSON
 */
import { readFileSync } from 'node:fs';
import { decodeTraces } from '#lib/ingest/otlp/traces.ts';
import { RemoteWriteDecoder } from '#lib/ingest/remote-write/decode.ts';
import { uncompress } from '#lib/ingest/remote-write/snappy.ts';

const SECONDS = 3;
/** body length, samples, shard, raw length (uint32), time (double) */
const HEADER_BYTES = 24;

/** Time is that of the CPU, so that other work on the machine counts for little; the collector's is in it. */
function report(what: string, once: () => number): void {
  const warmUntil = performance.now() + 1000;
  while (performance.now() < warmUntil) once();
  const start = performance.now();
  const cpu = process.cpuUsage();
  let items = 0;
  while (performance.now() - start < SECONDS * 1000) items += once();
  const { user, system } = process.cpuUsage(cpu);
  const perSecond = items / ((user + system) / 1e6);
  console.log(`${what}: ${Math.round(perSecond).toLocaleString('en')} per second of CPU`);
}

function savedBodies(file: string): Buffer[] {
  const all = readFileSync(file);
  const bodies: Buffer[] = [];
  for (let at = 0; at + HEADER_BYTES <= all.length; ) {
    const length = all.readUInt32LE(at);
    bodies.push(Buffer.from(all.subarray(at + HEADER_BYTES, at + HEADER_BYTES + length)));
    at += HEADER_BYTES + length;
  }
  return bodies;
}

const [format, file] = process.argv.slice(2);
if (format === 'remote-write' && file !== undefined) {
  const bodies = savedBodies(file);
  const decoder = new RemoteWriteDecoder();
  report('samples, all series new to the decoder', () => {
    const cold = new RemoteWriteDecoder();
    return bodies
      .slice(0, 5)
      .reduce((n, body) => n + cold.decode(uncompress(body)).batch.timestamps.length, 0);
  });
  report('samples', () =>
    bodies.reduce((n, body) => n + decoder.decode(uncompress(body)).batch.timestamps.length, 0),
  );
} else if (format === 'otlp' && file !== undefined) {
  const body = readFileSync(file);
  const encoding = file.endsWith('.json') ? 'json' : 'protobuf';
  report(`spans, ${encoding}`, () => decodeTraces(body, encoding).spans.length);
} else {
  console.error('usage: node bench/decode.ts remote-write <bodies.bin> | otlp <body.bin | body.json>');
  process.exitCode = 2;
}
