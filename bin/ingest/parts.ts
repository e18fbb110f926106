import type { DecodedParts } from '#lib/ingest/parts.ts';
import { type Rejection, Rejections } from '#lib/ingest/rejection.ts';
import type { MetricBatch } from '#lib/model/metrics.ts';
import type { Appender, AppendResult } from '#lib/store/store.ts';
import { type Written, writtenOf } from './answer.ts';
import { turn } from './turn.ts';

interface Collected {
  readonly batches: readonly MetricBatch[];
  readonly rejected: readonly Rejection[];
}

/** All parts of a body, so that nothing is stored of a broken one. */
export async function collect(parts: DecodedParts): Promise<Collected> {
  const batches: MetricBatch[] = [];
  for (;;) {
    await turn();
    const next = parts.next();
    if (next.done) return { batches, rejected: next.value };
    batches.push(next.value);
  }
}

/** One body at a time; the usual one is a single part, and so is done before anybody else's turn. */
export function oneAtATime(): (begin: () => DecodedParts) => Promise<Collected> {
  let last: Promise<unknown> = Promise.resolve();
  return (begin) => {
    const done = last.then(() => collect(begin()));
    last = done.catch(() => undefined);
    return done;
  };
}

/** Stores the parts of a body; what was refused of all of them is told as one. */
export async function appendAll(
  store: Pick<Appender, 'appendMetrics'>,
  batches: Iterable<MetricBatch>,
  rejected: readonly Rejection[],
): Promise<{ refused: Rejection[]; accepted: number; written: Written }> {
  const parts: { batch: MetricBatch; result: Promise<AppendResult> }[] = [];
  for (const batch of batches) {
    await turn();
    const result = store.appendMetrics(batch);
    // All are waited for below; one that fails meanwhile is not unheard.
    result.catch(() => undefined);
    parts.push({ batch, result });
  }
  const refused = new Rejections();
  for (const { reason, message, count } of rejected) refused.add(reason, message, count);
  const written = { samples: 0, histograms: 0, exemplars: 0 };
  let accepted = 0;
  for (const part of parts) {
    const result = await part.result;
    accepted += result.accepted;
    for (const { reason, message, count } of result.rejected) refused.add(reason, message, count);
    const own = writtenOf(part.batch, result);
    written.samples += own.samples;
    written.histograms += own.histograms;
    written.exemplars += own.exemplars;
  }
  return { refused: refused.list(), accepted, written };
}
