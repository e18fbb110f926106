import type { MetricBatch } from '#lib/model/metrics.ts';
import type { Rejection } from './rejection.ts';

/**
 * The batches of one body, so that others get a turn between them; what was rejected in all of it comes at the end.
 * What senders send is one, what an attacker or a person sends may be a hundred.
 */
export type DecodedParts = Generator<MetricBatch, readonly Rejection[], void>;

/** Takes the parts of a body that is decoded at once. */
export function wholeOf(parts: DecodedParts): { batch: MetricBatch; rejected: readonly Rejection[] } {
  let batch: MetricBatch | undefined;
  for (let next = parts.next(); ; next = parts.next()) {
    if (!next.done) batch = next.value;
    else if (batch === undefined) throw new TypeError('a body has at least one part');
    else return { batch, rejected: next.value };
  }
}
