import type { MetricMetadata } from '#lib/model/metrics.ts';
import type { Rejection } from '../store.ts';

/** Metrics whose type, help and unit are kept: all of it is held in memory. */
const MAX_METRICS = 100_000;
const MAX_NAME = 1024;
const MAX_UNIT = 256;
/** Characters; the rest is cut off. */
const MAX_HELP = 2048;

/**
 * What of the metadata is new or has changed, cut to a bearable length.
 * @returns with how many metrics were left out, because there are too many
 */
export function newMetadata(
  given: readonly MetricMetadata[],
  known: ReadonlyMap<string, MetricMetadata>,
): { metadata: MetricMetadata[]; left: number } {
  const metadata: MetricMetadata[] = [];
  let added = 0;
  let left = 0;
  for (const one of given) {
    const before = known.get(one.name);
    if (before === undefined) {
      if (one.name.length > MAX_NAME || known.size + added >= MAX_METRICS) {
        left++;
        continue;
      }
      added++;
    }
    const bounded = withinLength(one);
    if (!isSame(before, bounded)) metadata.push(bounded);
  }
  return { metadata, left };
}

function withinLength(given: MetricMetadata): MetricMetadata {
  const { help, unit } = given;
  if (help.length <= MAX_HELP && unit.length <= MAX_UNIT) return given;
  // Not on the string itself: a piece of it would keep all of it in memory.
  const cut = (text: string, longest: number): string => Buffer.from(text.slice(0, longest)).toString();
  return { ...given, help: cut(help, MAX_HELP), unit: cut(unit, MAX_UNIT) };
}

const isSame = (a: MetricMetadata | undefined, b: MetricMetadata): boolean =>
  a !== undefined && a.type === b.type && a.help === b.help && a.unit === b.unit;

export const tooMuchMetadata = (count: number): Rejection => ({
  reason: 'metadata-limit',
  message: `type, help and unit are kept of ${MAX_METRICS} metrics with names of at most ${MAX_NAME} characters; ${count} more are left out`,
  count,
});
