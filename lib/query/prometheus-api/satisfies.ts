import { type Labels, labelValue } from '#lib/model/labels.ts';
import type { Matcher } from '#lib/model/metrics.ts';
import { anchored } from '../promql/regex.ts';

/** Whether a label set satisfies every matcher of a selector. */
export function satisfiesAll(labels: Labels, matchers: readonly Matcher[]): boolean {
  return matchers.every(({ name, op, value }) => {
    const actual = labelValue(labels, name);
    const matches = op === '=' || op === '!=' ? actual === value : anchored(value).matches(actual);
    return matches === (op === '=' || op === '=~');
  });
}
