import { DIGEST_BUCKET_MS, type DigestBucket, type StatementDigest } from '#lib/model/digest.ts';
import { DATABASE_SYSTEMS } from '#lib/model/statement.ts';
import { ByteReader, ByteWriter } from './bytes.ts';
import { pack, unpack } from './json.ts';
import { readSketch, writeSketch } from './sketch.ts';

const VERSION = 1;

/** All digests of one fingerprint; the fingerprint stands in the row, its text in a table of its own. */
export function encodeStatementStatistics(digests: readonly StatementDigest[]): Uint8Array<ArrayBuffer> {
  const out = new ByteWriter(2048);
  out.byte(VERSION);
  out.varint(digests.length);
  for (const { system, service, instance, database, buckets, examples } of digests) {
    out.byte(DATABASE_SYSTEMS.indexOf(system));
    out.text(service);
    out.text(instance);
    out.text(database);
    out.varint(buckets.length);
    let previous = 0;
    for (const bucket of buckets) {
      const number = bucket.at / DIGEST_BUCKET_MS;
      out.zigzag(number - previous);
      previous = number;
      writeSketch(out, bucket.durations);
      out.number(bucket.rowsSent);
      out.number(bucket.rowsExamined);
      out.number(bucket.lockMs);
      out.number(bucket.tempBytes);
      out.number(bucket.callsWithRows);
    }
    out.newText(JSON.stringify(examples));
  }
  return pack(out.finish());
}

export function decodeStatementStatistics(
  fingerprint: string,
  text: string,
  data: Uint8Array,
): StatementDigest[] {
  const input = new ByteReader(unpack(data));
  const version = input.byte();
  if (version !== VERSION) throw new RangeError(`statement statistics of version ${version}`);
  const digests: StatementDigest[] = [];
  for (let n = input.count(); n > 0; n--) {
    const system = DATABASE_SYSTEMS[input.byte()] ?? 'other';
    const service = input.text();
    const instance = input.text();
    const database = input.text();
    const buckets: DigestBucket[] = [];
    let number = 0;
    for (let b = input.count(); b > 0; b--) {
      number += input.zigzag();
      buckets.push({
        at: number * DIGEST_BUCKET_MS,
        durations: readSketch(input),
        rowsSent: input.number(),
        rowsExamined: input.number(),
        lockMs: input.number(),
        tempBytes: input.number(),
        callsWithRows: input.number(),
      });
    }
    const examples = JSON.parse(input.newText());
    digests.push({ fingerprint, text, system, service, instance, database, buckets, examples });
  }
  return digests;
}
