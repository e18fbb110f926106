import type { Labels } from '#lib/model/labels.ts';
import { labelValue, METRIC_NAME, makeLabels } from '#lib/model/labels.ts';
import { executionFault } from './fault.ts';
import type { Pacer } from './pacer.ts';
import { sortedWithPauses } from './pacer.ts';
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

export async function labelReplace(
  pacer: Pacer,
  columns: Column[],
  [target = '', template = '', source = '', pattern = '']: readonly string[],
): Promise<Column[]> {
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
  return relabelledAll(pacer, columns, target, (labels) => replacement(labelValue(labels, source)));
}

/** Sets a label to what its series' labels make of it; undefined leaves it as it is. */
async function relabelledAll(
  pacer: Pacer,
  columns: readonly Column[],
  target: string,
  valueFor: (labels: Labels) => string | undefined,
): Promise<Column[]> {
  const result: Column[] = [];
  for (const column of columns) {
    const value = valueFor(column.labels);
    // A name that was set on purpose stays.
    const dropName = target !== METRIC_NAME && column.dropName;
    if (value === undefined) result.push(column);
    else result.push({ ...column, labels: withLabel(column.labels, target, value), dropName });
    if (pacer.due()) await pacer.pause();
  }
  return mergeSameLabels(pacer, result);
}

export async function labelJoin(
  pacer: Pacer,
  columns: Column[],
  [target = '', separator = '', ...sources]: readonly string[],
): Promise<Column[]> {
  if (target === '') throw executionFault('invalid destination label name in label_join(): ""');
  return relabelledAll(pacer, columns, target, (labels) =>
    sources.map((source) => labelValue(labels, source)).join(separator),
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

export async function sortByLabel(
  pacer: Pacer,
  columns: Column[],
  names: readonly string[],
  sign: 1 | -1,
): Promise<Column[]> {
  return sortedWithPauses(pacer, columns, (a, b) => {
    for (const name of names) {
      const order = naturalCompare(labelValue(a.labels, name), labelValue(b.labels, name));
      if (order !== 0) return sign * order;
    }
    return sign * compareLabels(a.labels, b.labels);
  });
}

/** By the value at the only step; NaN last either way. */
export async function sortByValue(pacer: Pacer, columns: Column[], sign: 1 | -1): Promise<Column[]> {
  return sortedWithPauses(pacer, columns, (a, b) => {
    const x = a.values[0] ?? 0;
    const y = b.values[0] ?? 0;
    if (Number.isNaN(x) || Number.isNaN(y)) return Number(Number.isNaN(x)) - Number(Number.isNaN(y));
    return x === y ? 0 : x < y ? -sign : sign;
  });
}
