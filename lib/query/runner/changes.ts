/** How much older than now a sample may arrive before it counts as late: answers for times before that are final until told otherwise. */
export const SETTLED_AFTER_MS = 600_000;

/** Which stored data became different after it was settled: by late samples or by deletion. */
export interface ChangeLog {
  /** Grows with every change. Read it before the data that an answer is made of. */
  readonly version: number;
  /** Oldest time (ms) of data that changed after `version` was current; infinite when none did. */
  changedSince(version: number): number;
}

const MAX_NOTES = 1000;

export class Changes implements ChangeLog {
  /** Ascending by version and by time: a later change that reaches further back covers those before it. */
  #notes: { readonly version: number; readonly oldest: number }[] = [];
  #version = 0;
  /** Notes up to this version were forgotten. */
  #forgotten = 0;

  get version(): number {
    return this.#version;
  }

  /** To be called once the change is visible to readers. */
  note(oldest: number): void {
    this.#version++;
    while ((this.#notes.at(-1)?.oldest ?? Number.NEGATIVE_INFINITY) >= oldest) this.#notes.pop();
    this.#notes.push({ version: this.#version, oldest });
    if (this.#notes.length > MAX_NOTES) this.#forgotten = this.#notes.shift()?.version ?? 0;
  }

  changedSince(version: number): number {
    if (version < this.#forgotten) return Number.NEGATIVE_INFINITY;
    return this.#notes.find((note) => note.version > version)?.oldest ?? Number.POSITIVE_INFINITY;
  }
}
