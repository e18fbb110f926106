import type { ByteWriter } from './bytes.ts';
import * as f from './value-format.ts';

/**
 * Positions that residuals do not tell: where the sum of differences goes on from another value (a jump), and where
 * a special value stands over it. One position can be both.
 */
export class ValuesApart {
  private readonly at: number[] = [];
  private readonly isJump: boolean[] = [];

  get none(): boolean {
    return this.at.length === 0;
  }

  clear(): void {
    this.at.length = 0;
    this.isJump.length = 0;
  }

  /** In ascending order; a jump before the special value at the same place. */
  add(position: number, isJump: boolean): void {
    this.at.push(position);
    this.isJump.push(isJump);
  }

  /** @param jump writes the value that the sum goes on from */
  write(out: ByteWriter, words: Uint32Array, jump: (position: number) => void): void {
    const { at, isJump } = this;
    if (at.length === 0) return;
    out.varint(at.length);
    let previous = 0;
    for (let k = 0; k < at.length; k++) {
      const i = at[k] as number;
      out.varint(i - previous);
      previous = i;
      if (isJump[k]) {
        out.byte(f.PATCH_JUMP);
        jump(i);
        continue;
      }
      const low = words[2 * i] as number;
      const high = words[2 * i + 1] as number;
      const fixed = f.FIXED.findIndex(([h, l]) => h === high && l === low);
      out.byte(fixed < 0 ? f.PATCH_BITS : f.PATCH_FIXED + fixed);
      if (fixed < 0) writeBits(out, words, i);
    }
  }
}

/** The eight bytes of a value: a NaN's payload must not pass through a number. */
export function writeBits(out: ByteWriter, words: Uint32Array, i: number): void {
  out.raw(new Uint8Array(words.buffer, words.byteOffset + 8 * i, 8));
}
