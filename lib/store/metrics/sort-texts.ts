import { SliceOfTime } from '../slice-of-time.ts';

/** What is sorted at once, in about a millisecond. */
const RUN = 2048;

/** Sorts by UTF-16 code units, letting others have the event loop: a million label values take a second. */
export const sortTexts = (texts: Iterable<string>): Promise<string[]> =>
  sorted(
    texts,
    (run) => run.sort(),
    (a, b) => a <= b,
  );

/** The same by an order of one's own. */
export const sortInTurns = <T>(items: Iterable<T>, compare: (a: T, b: T) => number): Promise<T[]> =>
  sorted(
    items,
    (run) => run.sort(compare),
    (a, b) => compare(a, b) <= 0,
  );

async function sorted<T>(
  items: Iterable<T>,
  sortRun: (run: T[]) => T[],
  inOrder: (a: T, b: T) => boolean,
): Promise<T[]> {
  const slice = new SliceOfTime();
  const all = [...items];
  let runs: T[][] = [];
  for (let i = 0; i < all.length; i += RUN) {
    runs.push(sortRun(all.slice(i, i + RUN)));
    if (slice.over()) await slice.next();
  }
  while (runs.length > 1) {
    const next: T[][] = [];
    for (let i = 0; i < runs.length; i += 2)
      next.push(await merged(runs[i] ?? [], runs[i + 1] ?? [], inOrder, slice));
    runs = next;
  }
  return runs[0] ?? [];
}

async function merged<T>(a: T[], b: T[], inOrder: (a: T, b: T) => boolean, slice: SliceOfTime): Promise<T[]> {
  if (b.length === 0) return a;
  const out: T[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const takeA = j >= b.length || (i < a.length && inOrder(a[i] as T, b[j] as T));
    out.push((takeA ? a[i++] : b[j++]) as T);
    if (out.length % RUN === 0 && slice.over()) await slice.next();
  }
  return out;
}
