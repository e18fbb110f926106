import type { Position } from './ast.ts';
import { badData } from './fault.ts';

const UNIT_MS = new Map([
  ['ms', 1],
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
  ['w', 604_800_000],
  ['y', 31_536_000_000],
]);

/** `1h30m` → ms; undefined when it is not a PromQL duration (whole amounts, largest unit first). */
export function durationMs(text: string): number | undefined {
  if (!/^(?:\d+y)?(?:\d+w)?(?:\d+d)?(?:\d+h)?(?:\d+m)?(?:\d+s)?(?:\d+ms)?$/.test(text) || text === '')
    return undefined;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+)(ms|[smhdwy])/g))
    total += Number(amount) * (UNIT_MS.get(unit ?? '') ?? 0);
  return total;
}

/** A number as PromQL writes it (a duration counts in seconds, `0x1F`, `017` octal, `1_000`, `Inf`); undefined otherwise. */
export function parseNumber(text: string): number | undefined {
  const signed = /^([+-]?)\s*(.+)$/s.exec(text.trim());
  if (!signed) return undefined;
  const body = (signed[2] ?? '').replaceAll('_', '');
  const sign = signed[1] === '-' ? -1 : 1;
  if (/^inf$/i.test(body)) return sign * Number.POSITIVE_INFINITY;
  if (/^nan$/i.test(body)) return Number.NaN;
  if (/^0x[0-9a-f]+$/i.test(body)) return sign * Number(body);
  if (/^0[0-7]+$/.test(body)) return sign * Number.parseInt(body, 8);
  const duration = durationMs(body);
  if (duration !== undefined) return (sign * duration) / 1000;
  if (!/^(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(body)) return undefined;
  return sign * Number(body);
}

const SIMPLE_ESCAPES = new Map([
  ['a', 7],
  ['b', 8],
  ['f', 12],
  ['n', 10],
  ['r', 13],
  ['t', 9],
  ['v', 11],
  ['\\', 92],
  ["'", 39],
  ['"', 34],
]);

/**
 * The value of a quoted string: Go's escapes in '…' and "…", none in `…`. `\x` and octal escapes are bytes, so the
 * result may fail to be UTF-8; then `isUtf8` is false and the value holds replacement characters.
 */
export function unquote(
  query: string,
  raw: string,
  position: Position,
): { readonly value: string; readonly isUtf8: boolean } {
  const quote = raw[0];
  if (raw.length < 2 || raw[raw.length - 1] !== quote) throw unterminated(query, position);
  const body = raw.slice(1, -1);
  if (quote === '`' || !body.includes('\\')) return { value: body, isUtf8: true };
  if (/(?:^|[^\\])(?:\\\\)*\\$/.test(body)) throw unterminated(query, position);
  const bytes: number[] = [];
  const pattern = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|(.))|([^\\]+)/gsu;
  for (const [, hex, short, long, octal, simple, plain] of body.matchAll(pattern)) {
    if (plain !== undefined) bytes.push(...Buffer.from(plain, 'utf8'));
    else if (hex !== undefined) bytes.push(Number.parseInt(hex, 16));
    else if (octal !== undefined) {
      const byte = Number.parseInt(octal, 8);
      if (byte > 255) throw badEscape(query, position, octal);
      bytes.push(byte);
    } else if (short !== undefined || long !== undefined) {
      const code = Number.parseInt(short ?? long ?? '', 16);
      if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
        throw badEscape(query, position, short ?? long ?? '');
      bytes.push(...Buffer.from(String.fromCodePoint(code), 'utf8'));
    } else {
      const byte = SIMPLE_ESCAPES.get(simple ?? '');
      if (byte === undefined || (simple !== quote && (simple === "'" || simple === '"')))
        throw badEscape(query, position, simple ?? '');
      bytes.push(byte);
    }
  }
  const buffer = Buffer.from(bytes);
  const value = buffer.toString('utf8');
  return { value, isUtf8: Buffer.from(value, 'utf8').equals(buffer) };
}

function unterminated(query: string, position: Position): Error {
  return badData(query, position, 'parse error: unterminated quoted string; close the quote');
}

function badEscape(query: string, position: Position, sequence: string): Error {
  return badData(
    query,
    position,
    `parse error: unknown escape sequence "\\${sequence}"; write \\\\ for a backslash, or use back quotes`,
  );
}
