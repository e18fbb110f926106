import type { Labels } from '#lib/model/labels.ts';
import { labelsKey, METRIC_NAME } from '#lib/model/labels.ts';
import type { Pacer } from './pacer.ts';

/** The part of a label set that a vector operation or an aggregation goes by. */
export function pick(names: readonly string[], keep: boolean): (labels: Labels) => Labels {
  const set = new Set(names);
  return keep
    ? (labels) => labels.filter(([name]) => set.has(name))
    : (labels) => labels.filter(([name]) => name !== METRIC_NAME && !set.has(name));
}

/** Groups items by the key of a part of their labels, in order of first appearance. */
export async function groupBy<T extends { readonly labels: Labels }>(
  pacer: Pacer,
  items: readonly T[],
  part: (labels: Labels) => Labels,
): Promise<Map<string, { readonly labels: Labels; readonly items: T[] }>> {
  const groups = new Map<string, { readonly labels: Labels; readonly items: T[] }>();
  for (const item of items) {
    const labels = part(item.labels);
    const key = labelsKey(labels);
    const group = groups.get(key);
    if (group) group.items.push(item);
    else groups.set(key, { labels, items: [item] });
    if (pacer.due()) await pacer.pause();
  }
  return groups;
}

/** `{a="1", b="2"}` for messages. */
export function labelsText(labels: Labels): string {
  return `{${labels.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(', ')}}`;
}
