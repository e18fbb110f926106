/** `SELECT a, b, c FROM` → `SELECT … FROM`: which table and which condition tell statements apart, not the columns. */
const COLUMN_LIST = /^(SELECT(?: DISTINCT)?) (?!\*|…).{8,}? (?=FROM )/i;

/** A normalised statement in at most `length` characters. */
export function shortStatement(text: string, length: number): string {
  if (text.length <= length) return text;
  const folded = text.replace(COLUMN_LIST, '$1 … ');
  return folded.length > length ? `${folded.slice(0, length - 1)}…` : folded;
}
