export type Label = readonly [name: string, value: string];

/**
 * A label set: sorted by name (by UTF-16 code unit), names unique, no empty values (to Prometheus an empty
 * label is an absent one). The metric name is the label `__name__`. A list, not an object, so that a label
 * called `__proto__` is a label like any other.
 */
export type Labels = readonly Label[];

export const METRIC_NAME = '__name__';

/** Sorts, drops empty values, keeps the last of a repeated name. */
export function makeLabels(pairs: Iterable<Label>): Labels {
  const byName = new Map<string, string>();
  for (const [name, value] of pairs) {
    if (value === '') byName.delete(name);
    else byName.set(name, value);
  }
  return [...byName].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

/** Value of a label, `''` when absent. */
export function labelValue(labels: Labels, name: string): string {
  for (const label of labels) if (label[0] === name) return label[1];
  return '';
}

/** Injective text form of a label set: equal keys mean equal sets, whatever bytes the values hold. */
export function labelsKey(labels: Labels): string {
  // Joined, not added up: keys are kept, and a sum of texts would keep each of its parts beside the others.
  const parts: (string | number)[] = [];
  for (const [name, value] of labels) parts.push(name.length, ':', name, value.length, ':', value);
  return parts.join('');
}

/** A plain object for JSON answers. `Object.fromEntries` defines own keys, so `__proto__` survives. */
export function labelsObject(labels: Labels): Record<string, string> {
  return Object.fromEntries(labels);
}
