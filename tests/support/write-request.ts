import { compressSync } from 'snappy';
import { ProtoWriter } from '#lib/ingest/protobuf/writer.ts';

export interface Sample {
  readonly labels: readonly (readonly [string, string])[];
  /** ms since the epoch */
  readonly at: number;
  readonly value: number;
}

/** A remote_write 1.0 body: one TimeSeries a sample, as Prometheus sends them live. */
export function writeRequest(samples: readonly Sample[]): Uint8Array {
  const request = new ProtoWriter();
  for (const { labels, at, value } of samples) {
    const series = new ProtoWriter();
    for (const [name, text] of labels) series.message(1, new ProtoWriter().string(1, name).string(2, text));
    series.message(2, new ProtoWriter().double(1, value).int(2, at));
    request.message(1, series);
  }
  return compressSync(Buffer.from(request.finish()));
}

export const WRITE_HEADERS = {
  'content-type': 'application/x-protobuf',
  'content-encoding': 'snappy',
  'x-prometheus-remote-write-version': '0.1.0',
};
