import { z } from 'zod';
import { type Labels, makeLabels } from '#lib/model/labels.ts';
import { parseConfigDuration } from './duration.ts';

/** Scalars of a configuration. All arrive as the text in the file, so that a label `1.0` or `yes` stays what was written. */

export const text = z.string({ error: 'must be a text' });
export const nonEmpty = text.min(1, { error: 'must not be empty' });

/** Parses a text or says what it must be. */
function parsed<T>(parse: (value: string) => T | undefined, what: string) {
  return text.transform((value, context): T => {
    const result = parse(value);
    if (result !== undefined) return result;
    context.addIssue({ code: 'custom', message: `${JSON.stringify(value.slice(0, 80))} is not ${what}` });
    return z.NEVER;
  });
}

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ...['true', 'yes', 'on', 'y'].map((word) => [word, true] as const),
  ...['false', 'no', 'off', 'n'].map((word) => [word, false] as const),
]);

export const bool = parsed((value) => BOOLEANS.get(value.toLowerCase()), 'true or false');

export const count = parsed(
  (value) => (/^\d{1,15}$/.test(value) ? Number(value) : undefined),
  'a whole number of 0 or more',
);

/** ms */
export const duration = parsed(parseConfigDuration, 'a duration such as 15s, 1m or 1h30m');
/** ms */
export const positiveDuration = parsed(
  (value) => parseConfigDuration(value) || undefined,
  'a duration above 0 such as 15s, 1m or 1h30m',
);

const SIZE_UNITS = ['B', 'KB', 'MB', 'GB', 'TB'];

/** bytes; units are powers of 1024, as in Prometheus */
export const size = parsed((value) => {
  const parts = /^(\d+(?:\.\d+)?)([KMGT]?)(i?)B$/i.exec(value);
  if (parts === null) return value === '0' ? 0 : undefined;
  const power = SIZE_UNITS.indexOf(`${(parts[2] ?? '').toUpperCase()}B`);
  return Math.floor(Number(parts[1]) * 1024 ** power);
}, 'a size with its unit such as 512KB or 100MB');

export const textList = z.array(text, { error: 'must be a list' });

/** `name: value` pairs in the order of the file. */
export const textMap = z
  .record(text, text, { error: 'must be a mapping of names to texts' })
  .transform((map): readonly (readonly [string, string])[] => Object.entries(map));

export const labelMap = textMap.transform((pairs, context): Labels => {
  for (const [name] of pairs) {
    if (name === '' || name.startsWith('__name__'))
      context.addIssue({ code: 'custom', path: [name], message: `'${name}' cannot be a label here` });
  }
  return makeLabels(pairs);
});
