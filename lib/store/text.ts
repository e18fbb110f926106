import { createHash } from 'node:crypto';

/** Outside text as every database takes it in a text column: PostgreSQL refuses NUL and broken UTF-16. */
export const columnText = (text: string): string => text.replaceAll('\0', '\ufffd').toWellFormed();

/** Longest text in a key: PostgreSQL's indexes take 2,704 bytes a row. */
const MAX_KEY = 400;

/** Outside text for a column that is part of a key: longer text is cut and told apart by its hash. */
export function keyText(text: string): string {
  if (text.length <= MAX_KEY) return columnText(text);
  return columnText(`${text.slice(0, MAX_KEY - 18)}… ${textHash(text)}`);
}

/** 16 hex digits. */
export const textHash = (text: string): string =>
  createHash('sha1').update(text, 'utf16le').digest('hex').slice(0, 16);
