import { z } from 'zod';

interface KnownKeys {
  /** Keys of Prometheus that are not understood yet: refused, so that nobody relies on them. */
  readonly later?: readonly string[];
  /** Keys of Prometheus that change nothing here: taken and passed over. */
  readonly ignored?: readonly string[];
}

/**
 * A mapping of the configuration: keys that are not in `shape` are refused with the name they may have been meant to be.
 * Scalars arrive as the text that stands in the file.
 */
export function section<S extends z.ZodRawShape>(shape: S, known: KnownKeys = {}) {
  const own = Object.keys(shape);
  const ignored = new Set(known.ignored);
  const later = new Set(known.later);
  const keysKnown = z.unknown().superRefine((value, context) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      context.addIssue({ code: 'custom', message: 'must be a mapping of keys to values' });
      return;
    }
    for (const key of Object.keys(value)) {
      if (own.includes(key) || ignored.has(key)) continue;
      const message = later.has(key)
        ? `'${key}' is not supported yet; remove it`
        : unknownKey(key, [...own, ...ignored]);
      context.addIssue({ code: 'custom', path: [key], message });
    }
  });
  return keysKnown.pipe(z.object(shape));
}

function unknownKey(key: string, keys: readonly string[]): string {
  const near = nearest(key, keys);
  const shown = JSON.stringify(key.slice(0, 80));
  return `unknown key ${shown}; ${near === undefined ? `known here: ${[...keys].sort().join(', ')}` : `did you mean '${near}'?`}`;
}

/** The name that differs from `word` in the fewest letters, when those are few. */
export function nearest(word: string, names: readonly string[]): string | undefined {
  const plain = word.toLowerCase().replaceAll('-', '_').slice(0, 80);
  const ranked = names.map((name) => ({ name, distance: distance(plain, name) }));
  ranked.sort((a, b) => a.distance - b.distance);
  const [best] = ranked;
  return best !== undefined && best.distance <= Math.max(1, Math.floor(plain.length / 3))
    ? best.name
    : undefined;
}

/** Levenshtein: letters to insert, remove or change. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
