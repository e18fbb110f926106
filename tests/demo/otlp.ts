/**
 * A reader of ExportTraceServiceRequest that shares nothing with the product's decoder: the demo's test must not
 * pass because both sides make the same mistake. Field numbers: opentelemetry-proto, trace.proto and common.proto.
 */
export interface SeenSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly name: string;
  /** 2 server, 3 client */
  readonly kind: number;
  readonly ms: number;
  /** 2 error */
  readonly status: number;
  readonly service: string;
  readonly instance: string;
  readonly version: string;
  readonly attributes: ReadonlyMap<string, string>;
}

interface Field {
  readonly number: number;
  readonly bytes: Buffer;
  readonly value: bigint;
}

const NOTHING = Buffer.alloc(0);

function fields(message: Buffer): Field[] {
  const found: Field[] = [];
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = message.readUInt8(at++);
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  while (at < message.length) {
    const tag = Number(varint());
    const number = tag >> 3;
    if ((tag & 7) === 0) found.push({ number, bytes: NOTHING, value: varint() });
    else if ((tag & 7) === 2) {
      const length = Number(varint());
      found.push({ number, bytes: message.subarray(at, at + length), value: 0n });
      at += length;
    } else {
      const size = (tag & 7) === 1 ? 8 : 4;
      const value = size === 8 ? message.readBigUInt64LE(at) : BigInt(message.readUInt32LE(at));
      found.push({ number, bytes: message.subarray(at, at + size), value });
      at += size;
    }
  }
  return found;
}

const all = (message: Buffer, number: number): Buffer[] =>
  fields(message)
    .filter((f) => f.number === number)
    .map((f) => f.bytes);

function attributes(message: Buffer, number: number): Map<string, string> {
  return new Map(
    all(message, number).map((pair) => {
      const key = all(pair, 1)[0]?.toString('utf8') ?? '';
      const [value] = fields(all(pair, 2)[0] ?? NOTHING);
      return [key, value?.number === 1 ? value.bytes.toString('utf8') : String(value?.value ?? '')];
    }),
  );
}

function span(message: Buffer, resource: ReadonlyMap<string, string>): SeenSpan {
  const by = new Map(fields(message).map((f) => [f.number, f]));
  const hex = (number: number): string => by.get(number)?.bytes.toString('hex') ?? '';
  const status = fields(by.get(15)?.bytes ?? NOTHING).find((f) => f.number === 3);
  return {
    traceId: hex(1),
    spanId: hex(2),
    parentSpanId: hex(4),
    name: by.get(5)?.bytes.toString('utf8') ?? '',
    kind: Number(by.get(6)?.value ?? 0),
    ms: Number((by.get(8)?.value ?? 0n) - (by.get(7)?.value ?? 0n)) / 1e6,
    status: Number(status?.value ?? 0),
    service: resource.get('service.name') ?? '',
    instance: resource.get('service.instance.id') ?? '',
    version: resource.get('service.version') ?? '',
    attributes: attributes(message, 9),
  };
}

export function readSpans(body: Buffer): SeenSpan[] {
  return all(body, 1).flatMap((resourceSpans) => {
    const resource = attributes(all(resourceSpans, 1)[0] ?? NOTHING, 1);
    return all(resourceSpans, 2).flatMap((scope) => all(scope, 2).map((bytes) => span(bytes, resource)));
  });
}
