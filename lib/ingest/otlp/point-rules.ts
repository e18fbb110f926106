import { quote } from '../rejection.ts';
import { exponentialProblem, nativeOf } from './exponential.ts';
import type { MetricKind, PointParts } from './metric-parts.ts';
import { isEnded } from './series-writer.ts';

/** Each bound is a series of its own. */
const MAX_BOUNDS = 1000;

/** Why a data point cannot be taken; undefined when it can. */
export function pointProblem(
  name: string,
  kind: MetricKind,
  point: PointParts,
): { reason: string; message: string } | undefined {
  const problem = (reason: string, what: string) => ({
    reason,
    message: `metric ${quote(name, 60)}: ${what}`,
  });
  if (!(point.at > 0)) return problem('no-timestamp', 'a data point without a time');
  if (isEnded(point)) return undefined;
  if (kind === 'histogram') {
    const { bucketCounts, bounds } = point;
    if (bounds.length > MAX_BOUNDS)
      return problem(
        'too-many-buckets',
        `${bounds.length} bucket bounds, at most ${MAX_BOUNDS} are taken; use an exponential histogram`,
      );
    if (bucketCounts.length > 0 && bucketCounts.length !== bounds.length + 1)
      return problem('bad-histogram', `${bucketCounts.length} buckets do not fit ${bounds.length} bounds`);
    if (
      bounds.some((bound, i) => Number.isNaN(bound) || bound <= (bounds[i - 1] ?? Number.NEGATIVE_INFINITY))
    )
      return problem('bad-histogram', 'its bucket bounds do not ascend');
  }
  if (kind === 'exponential-histogram' && point.exponential !== undefined) {
    const found =
      exponentialProblem(point.exponential) ?? nativeOf(point.exponential, point.count, point.sum);
    if ('reason' in found) return problem(found.reason, found.message);
  }
  return undefined;
}
