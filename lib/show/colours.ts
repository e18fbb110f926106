export const CHART_COLOURS = 10;

/** Identities that always look the same, wherever they are drawn. */
const FIXED = new Map([
  ['p50', 2],
  ['p95', 0],
  ['p99', 1],
  ['errors', 6],
  ['other', 9],
]);

/**
 * Colour index for each identity. A key gets the same colour on every chart unless another key of the same chart
 * holds it; then the next free one. The order in which series arrive does not matter.
 */
export function assignColours(keys: readonly string[]): Map<string, number> {
  const given = new Map<string, number>();
  const taken = new Set<number>();
  for (const key of keys) {
    const fixed = FIXED.get(key);
    if (fixed === undefined) continue;
    given.set(key, fixed);
    taken.add(fixed);
  }
  for (const key of keys.toSorted()) {
    if (given.has(key)) continue;
    let index = hash(key) % CHART_COLOURS;
    for (let i = 0; i < CHART_COLOURS && taken.has(index); i++) index = (index + 1) % CHART_COLOURS;
    given.set(key, index);
    taken.add(index);
    if (taken.size === CHART_COLOURS) taken.clear();
  }
  return given;
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h >>> 0;
}

export function chartColour(index: number): string {
  return `var(--chart-${index % CHART_COLOURS})`;
}
