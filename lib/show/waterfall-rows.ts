import type { WaterfallRow } from './waterfall.ts';

/** Indices of the rows to show when some are collapsed. */
export function visibleRows(rows: readonly WaterfallRow[], collapsed: ReadonlySet<number>): number[] {
  const visible: number[] = [];
  for (let i = 0; i < rows.length; i++) {
    visible.push(i);
    if (collapsed.has(i)) i += rows[i]?.descendants ?? 0;
  }
  return visible;
}

/** The collapsed rows without those above `index`, so that it can be seen. */
export function revealed(
  rows: readonly WaterfallRow[],
  collapsed: ReadonlySet<number>,
  index: number,
): ReadonlySet<number> {
  const next = new Set(collapsed);
  for (let at = rows[index]?.parent ?? -1; at >= 0; at = rows[at]?.parent ?? -1) next.delete(at);
  return next.size === collapsed.size ? collapsed : next;
}

/** A piece of the trace's time, µs from its start. */
export interface TimeWindow {
  readonly startUs: number;
  readonly endUs: number;
}

/** Where a bar stands in a window, as shares of its width; undefined when it lies outside. */
export function barIn(
  window: TimeWindow,
  startUs: number,
  endUs: number,
): { readonly left: number; readonly width: number } | undefined {
  const whole = window.endUs - window.startUs;
  if (whole <= 0) return { left: 0, width: 1 };
  if (endUs < window.startUs || startUs > window.endUs) return undefined;
  const left = Math.max(0, (startUs - window.startUs) / whole);
  const right = Math.min(1, (endUs - window.startUs) / whole);
  return { left, width: Math.max(0, right - left) };
}

/** Outlines of all bars of a minimap, one SVG path for each service, in a box of 1000 × `height`. */
export function minimapPaths(
  rows: readonly WaterfallRow[],
  durationUs: number,
  height: number,
): Map<string, string> {
  const paths = new Map<string, string[]>();
  const scale = durationUs > 0 ? 1000 / durationUs : 0;
  rows.forEach((row, i) => {
    const x = (row.startUs * scale).toFixed(1);
    const width = Math.max(1, row.durationUs * scale).toFixed(1);
    const y = (((i + 0.5) / rows.length) * height).toFixed(2);
    const list = paths.get(row.service) ?? [];
    list.push(`M${x} ${y}h${width}`);
    paths.set(row.service, list);
  });
  return new Map([...paths].map(([service, parts]) => [service, parts.join('')]));
}
