import type { Labels } from '#lib/model/labels.ts';
import { labelValue, METRIC_NAME, makeLabels } from '#lib/model/labels.ts';
import { executionFault } from './fault.ts';
import { anchored, regexProblem } from './regex.ts';
import type { Column } from './value.ts';
import { compareLabels, mergeSameLabels } from './value.ts';

function withLabel(labels: Labels, name: string, value: string): Labels {
  return makeLabels([...labels, [name, value]]);
}

/** `$1`, `${1}`, `$name`, `${name}`, `$$` as in Go's regexp templates; unknown groups are empty. */
function expand(template: string, group: (name: string | number) => string | null): string {
  return template.replace(
    /\$(?:\$|(\w+)|\{(\w+)\})/g,
    (whole, bare: string | undefined, braced: string | undefined) => {
      const name = bare ?? braced;
      if (name === undefined) return whole === '$$' ? '$' : '';
      try {
        return group(/^\d+$/.test(name) ? Number(name) : name) ?? '';
      } catch {
        return '';
      }
    },
  );
}

export function labelReplace(
  columns: Column[],
  [target = '', template = '', source = '', pattern = '']: readonly string[],
): Column[] {
  const problem = regexProblem(pattern);
  if (problem !== undefined)
    throw executionFault(`invalid regular expression in label_replace(): ${pattern}: ${problem}`);
  if (target === '') throw executionFault('invalid destination label name in label_replace(): ""');
  const regex = anchored(pattern);
  // The same values come again and again, and a regex costs far more than a look-up.
  const replaced = new Map<string, string | undefined>();
  const replacement = (value: string): string | undefined => {
    if (replaced.has(value)) return replaced.get(value);
    const matcher = regex.matcher(value);
    const result = matcher.matches() ? expand(template, (name) => matcher.group(name)) : undefined;
    replaced.set(value, result);
    return result;
  };
  return mergeSameLabels(
    columns.map((column) => {
      const value = replacement(labelValue(column.labels, source));
      return value === undefined ? column : relabelled(column, target, value);
    }),
  );
}

/** A name that was set on purpose stays. */
function relabelled(column: Column, target: string, value: string): Column {
  const labels = withLabel(column.labels, target, value);
  return { ...column, labels, dropName: target !== METRIC_NAME && column.dropName };
}

export function labelJoin(
  columns: Column[],
  [target = '', separator = '', ...sources]: readonly string[],
): Column[] {
  if (target === '') throw executionFault('invalid destination label name in label_join(): ""');
  return mergeSameLabels(
    columns.map((column) => {
      const value = sources.map((source) => labelValue(column.labels, source)).join(separator);
      return relabelled(column, target, value);
    }),
  );
}

/** Digits compare as numbers: `cpu2` before `cpu10`. */
function naturalCompare(a: string, b: string): number {
  const chunksA = a.match(/\d+|\D+/g) ?? [];
  const chunksB = b.match(/\d+|\D+/g) ?? [];
  for (let i = 0; i < chunksA.length && i < chunksB.length; i++) {
    const x = chunksA[i] ?? '';
    const y = chunksB[i] ?? '';
    if (x === y) continue;
    if (/^\d/.test(x) && /^\d/.test(y)) {
      const numbers = Number(x) - Number(y);
      if (numbers !== 0) return numbers;
    }
    return x < y ? -1 : 1;
  }
  return chunksA.length - chunksB.length;
}

export function sortByLabel(columns: Column[], names: readonly string[], sign: 1 | -1): Column[] {
  return columns.toSorted((a, b) => {
    for (const name of names) {
      const order = naturalCompare(labelValue(a.labels, name), labelValue(b.labels, name));
      if (order !== 0) return sign * order;
    }
    return sign * compareLabels(a.labels, b.labels);
  });
}

/** By the value at the only step; NaN last either way. */
export function sortByValue(columns: Column[], sign: 1 | -1): Column[] {
  return columns.toSorted((a, b) => {
    const x = a.values[0] ?? 0;
    const y = b.values[0] ?? 0;
    if (Number.isNaN(x) || Number.isNaN(y)) return Number(Number.isNaN(x)) - Number(Number.isNaN(y));
    return x === y ? 0 : x < y ? -sign : sign;
  });
}
