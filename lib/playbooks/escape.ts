import { VARIABLES } from './variables.ts';

/** Longest value shown; a statement can be megabytes long. */
const MAX_LENGTH = 400;

/** Line ends, other control characters and those that reorder text on screen: a value stays on its line. */
const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu;

function oneLine(value: string): string {
  const line = value.toWellFormed().replace(CONTROL, ' ').trim();
  return line.length > MAX_LENGTH ? `${line.slice(0, MAX_LENGTH).toWellFormed()}…` : line;
}

/**
 * A code span whose delimiter is longer than any run of backticks in the content. Escaping alone would not do for a
 * value: GFM renderers turn bare addresses in text into links after the escapes are gone.
 */
export function codeSpan(content: string): string {
  const runs = content.match(/`+/g);
  if (!runs) return `\`${content}\``;
  const fence = '`'.repeat(Math.max(...runs.map((run) => run.length)) + 1);
  return `${fence} ${content} ${fence}`;
}

export function inCodeSpan(value: string): string | undefined {
  return oneLine(value) || undefined;
}

export function inText(value: string): string | undefined {
  const line = oneLine(value);
  return line ? codeSpan(line) : undefined;
}

export function inLink(value: string): string | undefined {
  return encodeURIComponent(oneLine(value)).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16)}`);
}

const NAME = /(?:[\p{L}\p{N}_][\p{L}\p{N}_.:/@-]*|"[\p{L}\p{N}_][\p{L}\p{N}_. -]*"(?:\."[\p{L}\p{N}_ ]+")?)/u
  .source;
const SAFE_IN_COMMAND = new Map<string, RegExp>([
  ['name', new RegExp(`^${NAME}$`, 'u')],
  ['names', new RegExp(`^${NAME}(?: (?:ASC|DESC))?(?:, ?${NAME}(?: (?:ASC|DESC))?){0,9}$`, 'iu')],
  ['number', /^\d{1,9}(?:\.\d{1,3})?$/],
]);

/**
 * A code block is copied into a shell or a database as it stands, so only a plain name or number gets in;
 * anything else leaves the words for "unknown".
 */
export function inCodeBlock(value: string, name: string): string | undefined {
  const kind = VARIABLES.get(name)?.kind ?? 'text';
  // MySQL's quotes mean "run this" to a shell; a plain name does without them.
  const plain = value.replace(/`([\p{L}\p{N}_]+)`/gu, '$1');
  const isSafe = SAFE_IN_COMMAND.get(kind)?.test(plain) && !plain.includes('--') && plain.length <= 200;
  return isSafe ? plain : undefined;
}
