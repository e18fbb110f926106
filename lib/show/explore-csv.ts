import { labelValue } from '#lib/model/labels.ts';
import { csvCell } from './csv.ts';
import type { TableResult } from './explore.ts';

/** Prometheus' own spellings of numbers: with them a leading sign starts a number and not a formula. */
const NUMBER = /^[+-]?(?:Inf|NaN|\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/;

/** Names of the labels that any row has, the metric's own first. */
export function labelNamesOf(result: TableResult): string[] {
  const names = new Set(result.rows.flatMap(({ labels }) => labels.map(([name]) => name)));
  return [...names].toSorted((a, b) =>
    a === b ? 0 : a === '__name__' ? -1 : b === '__name__' ? 1 : a < b ? -1 : 1,
  );
}

/** A query's result as CSV (RFC 4180): a column per label, time in ISO 8601, the value as it is. */
export function tableCsv(result: TableResult): string {
  const names = labelNamesOf(result);
  const lines = [[...names, 'time', 'value'].map(csvCell)];
  for (const row of result.rows) {
    const labels = names.map((name) => csvCell(labelValue(row.labels, name)));
    for (const [at, value] of row.samples ?? [[result.at, row.value] as const])
      lines.push([...labels, new Date(at).toISOString(), NUMBER.test(value) ? value : csvCell(value)]);
  }
  return `${lines.map((cells) => cells.join(',')).join('\r\n')}\r\n`;
}
