/** Request bodies for ./ingest.ts: made once as a template, then only ids, times and values are written anew. */
import { randomFillSync } from 'node:crypto';
import { compressSync } from 'snappy';
import { ProtoWriter } from '#lib/ingest/protobuf/writer.ts';

export interface Body {
  readonly bytes: Buffer;
  readonly items: number;
}

const VARINT_BYTES = 6;

/** Times of today take six bytes: all bodies of a template have the same length. */
function writeVarint(bytes: Buffer, at: number, value: number): void {
  let rest = value;
  for (let i = 0; i < VARINT_BYTES; i++) {
    bytes[at + i] = (rest % 128) | (i < VARINT_BYTES - 1 ? 0x80 : 0);
    rest = Math.floor(rest / 128);
  }
}

const LABELS = (i: number): [string, string][] => [
  [
    '__name__',
    i % 10 < 7 ? 'http_server_request_duration_seconds_bucket' : i % 10 < 9 ? 'open_fds' : 'lag_seconds',
  ],
  ['http_route', `/api/v1/resource-${i % 7}/{id}`],
  ['instance', `10.0.${Math.floor(i / 6000)}.${Math.floor(i / 130) % 250}:9090`],
  ['job', `service-${Math.floor(i / 650)}`],
  ['le', String(0.005 * 2 ** (i % 14))],
  ['number', String(i)],
];

/** Endless scrapes of `count` series, `perBody` samples to a body: 70 % counters, 20 % whole gauges, 10 % with all digits. */
export function* writeRequests(
  count: number,
  perBody: number,
  stepMs: number,
  fromMs: number,
): Generator<Body> {
  const templates: { raw: Buffer; first: number; places: number[] }[] = [];
  for (let first = 0; first < count; first += perBody) {
    const parts: Buffer[] = [];
    const places: number[] = [];
    let length = 0;
    for (let i = first; i < Math.min(count, first + perBody); i++) {
      const series = new ProtoWriter();
      for (const [name, value] of LABELS(i))
        series.message(1, new ProtoWriter().string(1, name).string(2, value));
      series.message(2, new ProtoWriter().double(1, 0).int(2, fromMs));
      const part = new ProtoWriter().message(1, series).finish();
      length += part.length;
      // The sample stands last: double (8), tag (1), time (6).
      places.push(length - VARINT_BYTES - 9);
      parts.push(part);
    }
    templates.push({ raw: Buffer.concat(parts), first, places });
  }
  const values = new Float64Array(count);
  for (let at = fromMs; ; at += stepMs) {
    for (const { raw, first, places } of templates) {
      for (let k = 0; k < places.length; k++) {
        const i = first + k;
        const place = places[k] ?? 0;
        values[i] =
          i % 10 < 7
            ? (values[i] ?? 0) + Math.floor(Math.random() * (i % 5))
            : i % 10 < 9
              ? Math.floor(Math.random() * 50)
              : Math.random();
        raw.writeDoubleLE(values[i] ?? 0, place);
        writeVarint(raw, place + 9, at);
      }
      yield { bytes: compressSync(raw), items: places.length };
    }
  }
}

const attribute = (key: string, value: string): ProtoWriter =>
  new ProtoWriter().string(1, key).message(2, new ProtoWriter().string(1, value));

const SERVICES = ['frontend', 'checkout', 'payments', 'stock'];
const SPANS_PER_TRACE = 8;

/** Places of ids and times within a template of OTLP traces. */
interface SpanPlaces {
  readonly trace: number;
  readonly id: number;
  readonly parent: number | undefined;
  readonly parentIndex: number;
  readonly start: number;
  readonly end: number;
}

function traceTemplate(traces: number): { raw: Buffer; spans: SpanPlaces[] } {
  const resources = SERVICES.map((service) => ({
    service,
    head: new ProtoWriter()
      .message(1, attribute('service.name', service))
      .message(1, attribute('service.instance.id', `${service}-1`)),
    spans: new ProtoWriter().message(1, new ProtoWriter().string(1, 'bench')),
  }));
  const marks: { trace: Buffer; id: Buffer; start: Buffer; end: Buffer; parentIndex: number }[] = [];
  const mark = (size: number): Buffer => randomFillSync(Buffer.alloc(size));
  for (let t = 0; t < traces; t++) {
    for (let s = 0; s < SPANS_PER_TRACE; s++) {
      const resource = resources[Math.floor(s / 2)];
      const parentIndex = s === 0 ? -1 : marks.length - 1;
      const own = { trace: mark(16), id: mark(8), start: mark(8), end: mark(8), parentIndex };
      marks.push(own);
      const span = new ProtoWriter().bytes(1, own.trace).bytes(2, own.id);
      if (parentIndex >= 0) span.bytes(4, Buffer.alloc(8, 0xee));
      span
        .string(5, s % 2 ? `SELECT orders ${s}` : `GET /r${s}/{id}`)
        .int(6, s % 2 ? 3 : 2)
        .fixed64(7, own.start.readBigUInt64LE())
        .fixed64(8, own.end.readBigUInt64LE())
        .message(9, attribute('http.request.method', 'GET'))
        .message(9, attribute('http.route', `/r${s}/{id}`))
        .message(9, attribute('server.address', 'db.internal'))
        .message(9, attribute('db.system.name', 'postgresql'))
        .message(9, attribute('db.query.text', `SELECT * FROM orders WHERE id = $${s} AND state <> $2`))
        .message(9, attribute('user.id', `user-${t % 50}`));
      resource?.spans.message(2, span);
    }
  }
  const request = new ProtoWriter();
  for (const { head, spans } of resources)
    request.message(1, new ProtoWriter().message(1, head).message(2, spans));
  const raw = request.finish();
  const spans = marks.map(({ trace, id, start, end, parentIndex }): SpanPlaces => {
    const place = raw.indexOf(id);
    return {
      trace: raw.indexOf(trace),
      id: place,
      // The parent's id follows its two bytes of tag and length.
      parent: parentIndex >= 0 ? place + 10 : undefined,
      parentIndex,
      start: raw.indexOf(start),
      end: raw.indexOf(end),
    };
  });
  return { raw, spans };
}

/** Endless traces of eight spans over four services that end now. */
export function* traceRequests(tracesPerBody: number, now: () => number): Generator<Body> {
  const { raw, spans } = traceTemplate(tracesPerBody);
  const ids = Buffer.alloc(24 * spans.length);
  for (;;) {
    randomFillSync(ids);
    const nowNs = BigInt(now()) * 1_000_000n;
    spans.forEach((span, i) => {
      const first = i - (i % SPANS_PER_TRACE);
      ids.copy(raw, span.trace, first * 24, first * 24 + 16);
      ids.copy(raw, span.id, i * 24 + 16, i * 24 + 24);
      if (span.parent !== undefined)
        ids.copy(raw, span.parent, span.parentIndex * 24 + 16, span.parentIndex * 24 + 24);
      const durationNs = BigInt(
        (Math.floor((20 + Math.random() * 20) * 1e6) / (1 + (i % SPANS_PER_TRACE))) | 0,
      );
      const startNs = nowNs - 60_000_000n + BigInt((i % SPANS_PER_TRACE) * 1_000_000);
      raw.writeBigUInt64LE(startNs, span.start);
      raw.writeBigUInt64LE(startNs + durationNs, span.end);
    });
    yield { bytes: Buffer.from(raw), items: spans.length };
  }
}
