import { open } from 'node:fs/promises';

const READ_MAX = 1024 * 1024;
/** A line that begins a log entry of its own; DETAIL and the like belong to the entry before. */
const ENTRY = /^\d{4}-\d\d-\d\d .*? (?!DETAIL:|HINT:|CONTEXT:|STATEMENT:|QUERY:)[A-Z]+: {2}/;
const PLAN = /duration: [\d.]+ ms {2}plan:/;

/**
 * How much of the text may go now, in characters. Whole lines only; and a plan at the very end waits, because the
 * line with the statement's duration follows at once and the two are read together.
 */
export function sendable(text: string, waited: boolean): number {
  const end = text.lastIndexOf('\n') + 1;
  if (end === 0 || waited) return end;
  let start = end;
  while (start > 0) {
    start = text.lastIndexOf('\n', start - 2) + 1;
    const line = text.slice(start, text.indexOf('\n', start));
    if (ENTRY.test(line)) return PLAN.test(line) ? start : end;
  }
  return end;
}

/** Follows a growing log file; starts over when the file has become shorter. */
export class Tail {
  readonly #path: string;
  #offset = 0;
  #waited = false;

  constructor(path: string) {
    this.#path = path;
  }

  /** New whole entries since the last call; `''` when there are none. */
  async read(): Promise<string> {
    let file: Awaited<ReturnType<typeof open>>;
    try {
      file = await open(this.#path);
    } catch {
      return '';
    }
    try {
      const { size } = await file.stat();
      if (size < this.#offset) this.#offset = 0;
      const buffer = Buffer.alloc(Math.min(size - this.#offset, READ_MAX));
      if (buffer.length === 0) return '';
      const { bytesRead } = await file.read(buffer, 0, buffer.length, this.#offset);
      const text = buffer.toString('utf8', 0, bytesRead);
      const ready = text.slice(0, sendable(text, this.#waited));
      this.#waited = ready === '';
      this.#offset += Buffer.byteLength(ready);
      return ready;
    } finally {
      await file.close();
    }
  }
}
