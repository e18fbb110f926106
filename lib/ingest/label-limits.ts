import type { Label } from '#lib/model/labels.ts';
import { METRIC_NAME } from '#lib/model/labels.ts';
import { quote } from './rejection.ts';

export const MAX_LABELS = 64;
/** bytes of UTF-8; holds for label names and for the metric's name */
export const MAX_NAME_BYTES = 1024;
/** bytes of UTF-8 */
export const MAX_VALUE_BYTES = 16 * 1024;

/** `name{label="value", …}` for a message, cut to a readable length. */
export function describeSeries(pairs: readonly Label[]): string {
  const name = pairs.find(([key]) => key === METRIC_NAME)?.[1] ?? '';
  const rest = pairs.slice(0, 8).filter(([key]) => key !== METRIC_NAME);
  const shown = rest.map(([key, value]) => `${key.slice(0, 40)}=${quote(value, 40)}`).join(', ');
  return `${name.slice(0, 120)}{${shown}${pairs.length > 8 ? ', …' : ''}}`;
}

/** Why a label set cannot be a series; undefined when it can. */
export function labelProblem(pairs: readonly Label[]): { reason: string; message: string } | undefined {
  const problem = (reason: string, what: string) => ({
    reason,
    message: `series ${describeSeries(pairs)}: ${what}`,
  });
  if (pairs.length > MAX_LABELS)
    return problem('too-many-labels', `${pairs.length} labels, at most ${MAX_LABELS} are taken`);
  const seen = new Set<string>();
  let hasName = false;
  for (const [name, value] of pairs) {
    if (name === '') return problem('empty-label-name', 'a label without a name');
    if (seen.has(name)) return problem('duplicate-label', `label ${quote(name)} stands twice`);
    seen.add(name);
    if (tooLong(name, MAX_NAME_BYTES))
      return problem('label-name-too-long', `a label name of more than ${MAX_NAME_BYTES} bytes`);
    const isMetricName = name === METRIC_NAME;
    if (isMetricName && value !== '') hasName = true;
    if (tooLong(value, isMetricName ? MAX_NAME_BYTES : MAX_VALUE_BYTES))
      return isMetricName
        ? problem('metric-name-too-long', `a metric name of more than ${MAX_NAME_BYTES} bytes`)
        : problem(
            'label-value-too-long',
            `the value of ${quote(name)} has more than ${MAX_VALUE_BYTES} bytes`,
          );
  }
  if (!hasName) return problem('no-metric-name', `no label ${METRIC_NAME}`);
  return undefined;
}

/** A UTF-16 code unit is one to three bytes of UTF-8, so most texts need no counting. */
function tooLong(text: string, limit: number): boolean {
  return text.length > limit || (text.length * 3 > limit && Buffer.byteLength(text) > limit);
}
