/** A longer line is cut: no log writes one on purpose, and it would have to be held in memory. */
export const LINE_LIMIT = 1_048_576;

const NEWLINE = 10;
const RETURN = 13;

/** Splits bytes that arrive in any pieces into lines of text; holds at most one line. */
export class LineSplitter {
  private readonly onLine: (line: string, isCut: boolean) => void;
  private readonly pieces: Buffer[] = [];
  private held = 0;
  private isCut = false;
  private isFirst = true;

  /** @param onLine called for every line without its end; `isCut` when the rest of it was dropped */
  constructor(onLine: (line: string, isCut: boolean) => void) {
    this.onLine = onLine;
  }

  push(chunk: Uint8Array): void {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let start = 0;
    for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, start)) {
      if (this.pieces.length === 0 && at - start <= LINE_LIMIT) {
        this.emit(bytes, start, at, false);
      } else {
        this.hold(bytes.subarray(start, at));
        this.release();
      }
      start = at + 1;
    }
    if (start < bytes.length) this.hold(bytes.subarray(start));
  }

  /** The last line may lack its end. */
  end(): void {
    if (this.pieces.length > 0) this.release();
  }

  private hold(piece: Buffer): void {
    const room = LINE_LIMIT - this.held;
    if (piece.length > room) this.isCut = true;
    if (room <= 0) return;
    // A copy: the caller may use its chunk again.
    this.pieces.push(Buffer.from(piece.subarray(0, room)));
    this.held += Math.min(room, piece.length);
  }

  private release(): void {
    const whole = this.pieces.length === 1 ? this.pieces[0] : Buffer.concat(this.pieces);
    const isCut = this.isCut;
    this.pieces.length = 0;
    this.held = 0;
    this.isCut = false;
    if (whole !== undefined) this.emit(whole, 0, whole.length, isCut);
  }

  private emit(bytes: Buffer, from: number, to: number, isCut: boolean): void {
    const end = to > from && bytes[to - 1] === RETURN ? to - 1 : to;
    let line = bytes.toString('utf8', from, end);
    if (this.isFirst) {
      this.isFirst = false;
      if (line.charCodeAt(0) === 0xfeff) line = line.slice(1);
    }
    this.onLine(line, isCut);
  }
}
