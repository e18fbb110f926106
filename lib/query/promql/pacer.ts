/** Lets the event loop have its turn: loops over series ask `due` as they go. */
export interface Pacer {
  due(): boolean;
  pause(): Promise<void>;
}

/** Items sorted between two looks at the clock. */
const RUN = 4096;

/** Sorts like `toSorted`, in runs that are merged with pauses between. */
export async function sortedWithPauses<T>(
  pacer: Pacer,
  items: readonly T[],
  compare: (a: T, b: T) => number,
): Promise<T[]> {
  let runs: T[][] = [];
  for (let from = 0; from < items.length; from += RUN) {
    runs.push(items.slice(from, from + RUN).sort(compare));
    if (pacer.due()) await pacer.pause();
  }
  while (runs.length > 1) {
    const merged: T[][] = [];
    for (let i = 0; i < runs.length; i += 2) {
      const [a = [], b = []] = [runs[i], runs[i + 1]];
      merged.push(await mergedRuns(pacer, a, b, compare));
    }
    runs = merged;
  }
  return runs[0] ?? [];
}

async function mergedRuns<T>(
  pacer: Pacer,
  a: readonly T[],
  b: readonly T[],
  compare: (a: T, b: T) => number,
): Promise<T[]> {
  const merged: T[] = [];
  let j = 0;
  for (const item of a) {
    for (let other = b[j]; other !== undefined && compare(other, item) < 0; other = b[j]) {
      merged.push(other);
      j++;
    }
    merged.push(item);
    if (merged.length % RUN === 0 && pacer.due()) await pacer.pause();
  }
  return merged.concat(b.slice(j));
}
