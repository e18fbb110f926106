import { open } from 'node:fs/promises';

const READ_MAX = 1024 * 1024;
/** A line that begins a log entry of its own; DETAIL and the like belong to the entry before. */
const ENTRY = /^\d{4}-\d\d-\d\d .*? (?!DETAIL:|HINT:|CONTEXT:|STATEMENT:|QUERY:)[A-Z]+: {2}/;
const DURATION = /\[(\d+)\].* duration: [\d.]+ ms {2}(plan:)?/;

/** Entries in order: where each begins, and its first line. */
function entries(text: string): { start: number; line: string }[] {
  const found: { start: number; line: string }[] = [];
  for (let start = 0; start < text.length; ) {
    const next = text.indexOf('\n', start);
    const line = text.slice(start, next < 0 ? text.length : next);
    if (ENTRY.test(line)) found.push({ start, line });
    if (next < 0) break;
    start = next + 1;
  }
  return found;
}

/**
 * How much of the text may go now, in characters: whole lines only. A duration at the very end waits for one more
 * look, because its plan (or the plan's duration) follows at once and the two are read together.
 */
export function sendable(text: string, waited: boolean): number {
  const end = text.lastIndexOf('\n') + 1;
  if (end === 0 || waited) return end;
  const [before, last] = entries(text.slice(0, end)).slice(-2);
  const final = last ?? before;
  const duration = final && DURATION.exec(final.line);
  if (!duration) return end;
  const partner = last && before && DURATION.exec(before.line);
  const isPair = partner && partner[1] === duration[1] && Boolean(partner[2]) !== Boolean(duration[2]);
  return isPair ? end : final.start;
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
