/** Columns of times that many series have in common, so that each is in memory once. */
export class TimesPool {
  private readonly maxSize: number;
  /** By length, first and last time. */
  private readonly alike = new Map<string, Float64Array[]>();
  private size = 0;

  /** @param maxSize columns remembered; then all are forgotten */
  constructor(maxSize: number) {
    this.maxSize = maxSize;
  }

  /** The same times in the array that others had them in before, if there is one. */
  share(timestamps: Float64Array): Float64Array {
    const key = `${timestamps.length}/${timestamps[0]}/${timestamps.at(-1)}`;
    let list = this.alike.get(key);
    const known = list?.find((other) => equal(other, timestamps));
    if (known !== undefined) return known;
    if (this.size >= this.maxSize) {
      this.alike.clear();
      this.size = 0;
      list = undefined;
    }
    if (list === undefined) this.alike.set(key, [timestamps]);
    else list.push(timestamps);
    this.size++;
    return timestamps;
  }
}

function equal(a: Float64Array, b: Float64Array): boolean {
  if (a === b) return true;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
