/** What one transaction writes at most: appends wait for no more than that. */
const ROWS_AT_ONCE = 500;
const BYTES_AT_ONCE = 2 ** 20;

/** Parts of a list that are each written at once. */
export function* slices<T>(rows: readonly T[], sizeOf: (row: T) => number = () => 0): Generator<T[]> {
  let part: T[] = [];
  let bytes = 0;
  for (const row of rows) {
    part.push(row);
    bytes += sizeOf(row);
    if (part.length < ROWS_AT_ONCE && bytes < BYTES_AT_ONCE) continue;
    yield part;
    part = [];
    bytes = 0;
  }
  if (part.length > 0) yield part;
}
