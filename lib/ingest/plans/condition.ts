import { maskLiterals } from '#lib/model/sql/mask.ts';

const LIMIT = 2000;

/** A plan's expression without its literals. */
export function maskCondition(text: string): string {
  const masked = maskLiterals(text, 'postgresql').text.trim();
  return masked.length > LIMIT ? `${masked.slice(0, LIMIT)}…` : masked;
}
