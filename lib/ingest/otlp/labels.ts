import type { Label } from '#lib/model/labels.ts';
import type { Attributes, AttributeValue } from '#lib/model/span.ts';
import type { Translation } from './metric-names.ts';
import { labelName } from './metric-names.ts';

/** Attributes whose names become the same label are joined with `;`, in the order of their keys. */
export function labelsOf(attributes: Attributes, translation: Translation): Label[] {
  const byName = new Map<string, string>();
  for (const [key, value] of [...attributes].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const name = labelName(key, translation);
    const before = byName.get(name);
    byName.set(name, before === undefined ? textOf(value) : `${before};${textOf(value)}`);
  }
  return [...byName];
}

export function textOf(value: AttributeValue): string {
  if (value === null) return '';
  return typeof value === 'object' ? JSON.stringify(plain(value)) : String(value);
}

function plain(value: AttributeValue): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if ('kvlist' in value) return Object.fromEntries(value.kvlist.map(([key, item]) => [key, plain(item)]));
  return value.map(plain);
}

/** A bound or quantile as a label: all its digits, never an exponent, as Prometheus' OTLP endpoint writes it. */
export function boundText(bound: number): string {
  if (bound === Number.POSITIVE_INFINITY) return '+Inf';
  if (bound === Number.NEGATIVE_INFINITY) return '-Inf';
  const text = String(bound);
  const parts = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
  if (parts === null) return text;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = parts;
  const digits = whole + fraction;
  const point = 1 + Number(exponent);
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  return sign + digits.padEnd(point, '0');
}
