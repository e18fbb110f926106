import { createHash } from 'node:crypto';

/** The first 63 bits of a trace id, the key under which its blocks are found; of odd ids, of their hash. */
export function tracePrefix(traceId: string): bigint {
  const digits = /^[0-9a-f]{16}/.test(traceId)
    ? traceId.slice(0, 16)
    : createHash('sha1').update(traceId).digest('hex').slice(0, 16);
  return BigInt(`0x${digits}`) >> 1n;
}
