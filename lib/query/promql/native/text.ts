import type { NativeHistogram } from '#lib/model/native-histogram.ts';
import { formatGeneral } from '../format-number.ts';
import { filledBuckets } from './bucket-bounds.ts';

/** `{count:3, sum:4, (0.5,1]:3}`: a histogram as a label value. */
export function histogramText(histogram: NativeHistogram): string {
  const { count, sum } = histogram;
  const parts = [`count:${formatGeneral(count)}`, `sum:${formatGeneral(sum)}`];
  for (const [rule, lower, upper, observations] of filledBuckets(histogram)) {
    const open = rule === 1 || rule === 3 ? '[' : '(';
    const close = rule === 0 || rule === 3 ? ']' : ')';
    const bounds = `${open}${formatGeneral(lower)},${formatGeneral(upper)}${close}`;
    parts.push(`${bounds}:${formatGeneral(observations)}`);
  }
  return `{${parts.join(', ')}}`;
}
