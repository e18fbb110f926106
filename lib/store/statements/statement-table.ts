import {
  DIGEST_BUCKET_MS,
  type DigestBucket,
  type StatementDigest,
  type StatementExample,
} from '#lib/model/digest.ts';
import { Sketch } from '#lib/model/sketch.ts';
import type { StatementRun } from '#lib/model/statement.ts';
import type { TimeRange } from '#lib/model/time-range.ts';

export const MAX_EXAMPLES = 5;

type Identity = Omit<StatementDigest, 'buckets' | 'examples'>;
interface Entry {
  readonly identity: Identity;
  readonly buckets: Map<number, DigestBucket>;
  readonly examples: StatementExample[];
}

export interface StatementFilter {
  readonly service?: string;
  readonly database?: string;
  readonly fingerprint?: string;
}

/** A bucket counts for a range when they overlap. */
export const digestBucketInRange = (at: number, range: TimeRange): boolean =>
  at + DIGEST_BUCKET_MS > range.from && at <= range.to;

const emptyBucket = (at: number): DigestBucket => ({
  at,
  durations: new Sketch(),
  rowsSent: 0,
  rowsExamined: 0,
  lockMs: 0,
  tempBytes: 0,
  callsWithRows: 0,
});

/** What statements cost by shape, service, instance, database and minute; adds up runs and other tables' digests. */
export class StatementTable {
  private readonly entries = new Map<string, Entry>();

  add(run: StatementRun): void {
    const { fingerprint, text, system, service, instance, database } = run;
    const entry = this.entry({ fingerprint, text, system, service, instance, database });
    const bucket = bucketOf(entry, Math.floor(run.at / DIGEST_BUCKET_MS) * DIGEST_BUCKET_MS);
    bucket.durations.add(run.durationMs);
    bucket.rowsSent += run.rowsSent ?? 0;
    bucket.lockMs += run.lockMs ?? 0;
    bucket.tempBytes += run.tempBytes ?? 0;
    if (run.rowsExamined !== undefined) {
      bucket.rowsExamined += run.rowsExamined;
      bucket.callsWithRows++;
    }
    addExample(entry, {
      at: run.at,
      durationMs: run.durationMs,
      text: run.example,
      ...(run.traceId === undefined ? {} : { traceId: run.traceId }),
      ...(run.plan === undefined ? {} : { plan: run.plan }),
    });
  }

  merge(digest: StatementDigest, range?: TimeRange): void {
    const inRange = (at: number): boolean => range === undefined || digestBucketInRange(at, range);
    const buckets = digest.buckets.filter((b) => inRange(b.at));
    if (buckets.length === 0) return;
    const entry = this.entry(digest);
    for (const bucket of buckets) {
      const mine = bucketOf(entry, bucket.at);
      mine.durations.merge(bucket.durations);
      mine.rowsSent += bucket.rowsSent;
      mine.rowsExamined += bucket.rowsExamined;
      mine.lockMs += bucket.lockMs;
      mine.tempBytes += bucket.tempBytes;
      mine.callsWithRows += bucket.callsWithRows;
    }
    for (const example of digest.examples) if (inRange(bucketStart(example.at))) addExample(entry, example);
  }

  list(filter: StatementFilter = {}): StatementDigest[] {
    const digests: StatementDigest[] = [];
    for (const { identity, buckets, examples } of this.entries.values()) {
      if (filter.service !== undefined && identity.service !== filter.service) continue;
      if (filter.database !== undefined && identity.database !== filter.database) continue;
      if (filter.fingerprint !== undefined && identity.fingerprint !== filter.fingerprint) continue;
      digests.push({
        ...identity,
        buckets: [...buckets.values()].sort((a, b) => a.at - b.at),
        examples: [...examples],
      });
    }
    return digests;
  }

  private entry({ fingerprint, text, system, service, instance, database }: Identity): Entry {
    const key = JSON.stringify([fingerprint, service, instance, database, system]);
    let entry = this.entries.get(key);
    if (entry === undefined) {
      entry = {
        identity: { fingerprint, text, system, service, instance, database },
        buckets: new Map(),
        examples: [],
      };
      this.entries.set(key, entry);
    }
    return entry;
  }
}

const bucketStart = (at: number): number => Math.floor(at / DIGEST_BUCKET_MS) * DIGEST_BUCKET_MS;

function bucketOf(entry: Entry, at: number): DigestBucket {
  let bucket = entry.buckets.get(at);
  if (bucket === undefined) {
    bucket = emptyBucket(at);
    entry.buckets.set(at, bucket);
  }
  return bucket;
}

/** Keeps the slowest, slowest first; of equally slow ones the earlier. */
function addExample({ examples }: Entry, example: StatementExample): void {
  const before = examples.findIndex(
    (e) => example.durationMs > e.durationMs || (example.durationMs === e.durationMs && example.at < e.at),
  );
  if (before < 0 && examples.length >= MAX_EXAMPLES) return;
  examples.splice(before < 0 ? examples.length : before, 0, example);
  if (examples.length > MAX_EXAMPLES) examples.pop();
}
