import type { PanelModel } from './panel.ts';
import { isoText } from './time-text.ts';

/**
 * A cell that a spreadsheet takes as text: quoted where needed, and a leading `=`, `+`, `-`, `@`, tab or line break
 * defused, so that a series named by outsiders cannot run as a formula (OWASP, "CSV Injection").
 */
export function csvCell(text: string): string {
  const safe = /^[=+\-@\t\r\n]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** A panel as CSV (RFC 4180): one row per point in time, one column per series, raw values in the panel's unit. */
export function panelCsv(panel: PanelModel, zone: string): string {
  const head = [`time (${zone})`, ...panel.series.map((s) => `${s.name} (${panel.unit})`)];
  const rows = panel.times.map((at, i) => [
    isoText(at, zone),
    // A negative number is a number and not a formula.
    ...panel.series.map((s) => String(s.values[i] ?? '')),
  ]);
  return [head.map(csvCell), ...rows]
    .map((cells) => cells.join(','))
    .join('\r\n')
    .concat('\r\n');
}
