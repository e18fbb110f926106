import type { Exemplar } from '#lib/model/exemplar.ts';
import type { Label } from '#lib/model/labels.ts';
import { makeLabels } from '#lib/model/labels.ts';
import { quote } from './rejection.ts';

/** Unicode characters that an exemplar's labels may have together (OpenMetrics 1.0; Prometheus holds all exemplars to it). */
export const EXEMPLAR_CHARACTERS = 128;

export function exemplarCharacters(pairs: readonly Label[]): number {
  let characters = 0;
  for (const pair of pairs) for (const text of pair) characters += charactersOf(text);
  return characters;
}

function charactersOf(text: string): number {
  // Long before the end it is clear that it is too long.
  if (text.length > 2 * EXEMPLAR_CHARACTERS) return text.length;
  let characters = 0;
  for (const _ of text) characters++;
  return characters;
}

/** The exemplar, or why there is none. `timestamp` is in ms. */
export function exemplarOf(
  pairs: readonly Label[],
  value: number,
  timestamp: number,
): Exemplar | { readonly reason: string; readonly message: string } {
  const characters = exemplarCharacters(pairs);
  if (characters > EXEMPLAR_CHARACTERS)
    return {
      reason: 'exemplar-labels-too-long',
      message: `an exemplar with ${characters} characters of labels (${quote(pairs[0]?.[0] ?? '', 40)}, …), at most ${EXEMPLAR_CHARACTERS} are taken`,
    };
  if (pairs.some(([name]) => name === ''))
    return { reason: 'bad-exemplar', message: 'an exemplar has a label without a name' };
  if (new Set(pairs.map(([name]) => name)).size < pairs.length)
    return { reason: 'bad-exemplar', message: 'an exemplar has a label twice' };
  return { labels: makeLabels(pairs), value, timestamp };
}
