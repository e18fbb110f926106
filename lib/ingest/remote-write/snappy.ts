import { uncompressSync } from 'snappy';
import { Fault } from '#lib/model/fault.ts';

/** Most a body may unfold to. */
export const MAX_UNCOMPRESSED_BYTES = 32 * 1024 * 1024;

/** The densest element of the format is a 3-byte copy that yields 64 bytes. */
const DENSEST = 64 / 3;

/** Length that a snappy block declares for what is in it, read from its first bytes: nothing is unfolded. */
export function snappyLength(bytes: Uint8Array): number {
  let length = 0;
  for (let i = 0; i < 5; i++) {
    const byte = bytes[i];
    if (byte === undefined) break;
    length += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) {
      if (length > 0xffffffff) break;
      return length;
    }
  }
  throw malformed('it does not begin with a length');
}

/** Unfolds a snappy block (not the framed format). Throws 413 before any memory is taken, 400 when it is broken. */
export function uncompress(bytes: Uint8Array, limit = MAX_UNCOMPRESSED_BYTES): Uint8Array {
  const length = snappyLength(bytes);
  if (length > limit)
    throw new Fault(
      413,
      'body-too-large',
      `the body unfolds to ${length} bytes, at most ${limit} are taken; send smaller batches (remote_write: queue_config.max_samples_per_send)`,
    );
  if (length > bytes.length * DENSEST)
    throw malformed(`it declares ${length} bytes, more than its ${bytes.length} can hold`);
  try {
    // Without the copy the addon makes an external buffer, which costs thirty times the work itself.
    const out = uncompressSync(bytes, { copyOutputData: true, asBuffer: true });
    if (typeof out !== 'string' && out.length === length) return out;
  } catch (error) {
    throw malformed(error instanceof Error ? error.message : 'it cannot be unfolded', error);
  }
  throw malformed(`it does not unfold to the ${length} bytes that it declares`);
}

function malformed(problem: string, cause?: unknown): Fault {
  return new Fault(
    400,
    'malformed-snappy',
    `the body is not a snappy block: ${problem}; compress it in snappy's block format, as Prometheus remote_write does`,
    { cause },
  );
}
