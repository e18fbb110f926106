const SLOTS = 4096;
const LONGEST = 48;

/**
 * Decodes UTF-8, and hands out the same string again for short ASCII texts seen before: telemetry repeats its
 * attribute keys and most of its values in every message. Direct-mapped, so its memory is bounded.
 */
export class StringCache {
  readonly #slots: (string | undefined)[] = new Array(SLOTS).fill(undefined);

  /** Invalid UTF-8 becomes U+FFFD. */
  decode(bytes: Buffer, start: number, end: number): string {
    const length = end - start;
    if (length === 0) return '';
    if (length > LONGEST) return bytes.toString('utf8', start, end);
    let hash = length;
    let seen = 0;
    for (let i = start; i < end; i++) {
      const byte = bytes[i] ?? 0;
      seen |= byte;
      hash = Math.imul(hash ^ byte, 0x01000193);
    }
    if (seen >= 0x80) return bytes.toString('utf8', start, end);
    const slot = (hash ^ (hash >>> 15)) & (SLOTS - 1);
    const known = this.#slots[slot];
    if (known !== undefined && known.length === length) {
      let i = 0;
      while (i < length && known.charCodeAt(i) === bytes[start + i]) i++;
      if (i === length) return known;
    }
    const text = bytes.toString('latin1', start, end);
    this.#slots[slot] = text;
    return text;
  }
}
