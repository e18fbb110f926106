/**
 * How fast the wire formats decode on one core.
 *
 *   node bench/decode.ts remote-write bodies.bin      bodies as `remote-write.mjs --dry-run --save` writes them
 *   node bench/decode.ts remote-write-2 bodies.bin    the same samples, written anew as remote_write 2.0
 *   node bench/decode.ts otlp body.bin | body.json    one ExportTraceServiceRequest, protobuf or JSON
 */
import { readFileSync } from 'node:fs';
import { compressSync } from 'snappy';
import { decodeTraces } from '#lib/ingest/otlp/traces.ts';
import { ProtoWriter } from '#lib/ingest/protobuf/writer.ts';
import { RemoteWriteDecoder } from '#lib/ingest/remote-write/decode.ts';
import { RemoteWrite2Decoder } from '#lib/ingest/remote-write/decode-v2.ts';
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

function asVersion2(body: Buffer): Buffer {
  const { series, offsets, timestamps, values } = new RemoteWriteDecoder().decode(uncompress(body)).batch;
  const symbols = new Map([['', 0]]);
  const refOf = (text: string): number => {
    const known = symbols.get(text) ?? symbols.size;
    symbols.set(text, known);
    return known;
  };
  const parts = series.map(({ labels }, i) => {
    const one = new ProtoWriter().varints(
      1,
      labels.flatMap(([name, value]) => [refOf(name), refOf(value)]),
    );
    for (let k = offsets[i] ?? 0; k < (offsets[i + 1] ?? 0); k++)
      one.message(2, new ProtoWriter().double(1, values[k] ?? 0).int(2, timestamps[k] ?? 0));
    const metadata = new ProtoWriter().int(1, 1).int(3, refOf('Some help text')).int(4, refOf('seconds'));
    return new ProtoWriter().message(5, one.message(5, metadata)).finish();
  });
  const table = new ProtoWriter();
  for (const text of symbols.keys()) table.string(4, text);
  return compressSync(Buffer.concat([table.finish(), ...parts]));
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
} else if (format === 'remote-write-2' && file !== undefined) {
  const bodies = savedBodies(file).slice(0, 100).map(asVersion2);
  const decoder = new RemoteWrite2Decoder();
  report('samples', () =>
    bodies.reduce((n, body) => n + decoder.decode(uncompress(body)).batch.timestamps.length, 0),
  );
} else if (format === 'otlp' && file !== undefined) {
  const body = readFileSync(file);
  const encoding = file.endsWith('.json') ? 'json' : 'protobuf';
  report(`spans, ${encoding}`, () => decodeTraces(body, encoding).spans.length);
} else {
  console.error('usage: node bench/decode.ts remote-write[-2] <bodies.bin> | otlp <body.bin | body.json>');
  process.exitCode = 2;
}
