import { RE2JS } from 're2js';
import { z } from 'zod';
import { nonEmpty, text, textList } from './fields.ts';
import { section } from './section.ts';

export const RELABEL_ACTIONS = [
  'replace',
  'keep',
  'drop',
  'keepequal',
  'dropequal',
  'hashmod',
  'labelmap',
  'labeldrop',
  'labelkeep',
  'lowercase',
  'uppercase',
] as const;
export type RelabelAction = (typeof RELABEL_ACTIONS)[number];

/** One step of relabelling, checked and compiled. */
export interface RelabelRule {
  readonly action: RelabelAction;
  readonly sourceLabels: readonly string[];
  readonly separator: string;
  readonly regex: RE2JS;
  /** Whether `regex` is the default `(.*)`. */
  readonly matchesAll: boolean;
  readonly modulus: bigint;
  /** May hold `$1` and `${name}` with action `replace`. */
  readonly targetLabel: string;
  readonly replacement: string;
}

const DEFAULT_REGEX = '(.*)';
const DEFAULT_REPLACEMENT = '$1';
const NEEDS_TARGET: ReadonlySet<RelabelAction> = new Set([
  'replace',
  'hashmod',
  'lowercase',
  'uppercase',
  'keepequal',
  'dropequal',
]);

/** Prometheus anchors at both ends and lets `.` match a line break. */
export function anchoredRegex(pattern: string): RE2JS {
  // On its own first: `a)(b` would pass once it stands between our own parentheses.
  RE2JS.compile(pattern);
  return RE2JS.compile(`^(?s:${pattern})$`);
}

const raw = section({
  source_labels: textList.optional(),
  separator: text.optional(),
  regex: text.optional(),
  modulus: z
    .string()
    .regex(/^\d{1,19}$/, { error: 'must be a whole number' })
    .optional(),
  target_label: text.optional(),
  replacement: text.optional(),
  action: nonEmpty.optional(),
});

export const relabelRule = raw.transform((given, context): RelabelRule => {
  const fail = (key: string, message: string) => context.addIssue({ code: 'custom', path: [key], message });
  const name = (given.action ?? 'replace').toLowerCase();
  const action = RELABEL_ACTIONS.find((one) => one === name);
  if (action === undefined) {
    fail('action', `'${name.slice(0, 40)}' is none of ${RELABEL_ACTIONS.join(', ')}`);
    return z.NEVER;
  }
  let regex = anchoredRegex(DEFAULT_REGEX);
  try {
    regex = anchoredRegex(given.regex ?? DEFAULT_REGEX);
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : String(error);
    fail('regex', `not a regular expression (RE2): ${why}`);
  }
  const targetLabel = given.target_label ?? '';
  const modulus = BigInt(given.modulus ?? 0);
  const uses = (...keys: (keyof typeof given)[]) => {
    for (const key of [
      'source_labels',
      'separator',
      'modulus',
      'target_label',
      'replacement',
      'regex',
    ] as const)
      if (given[key] !== undefined && !keys.includes(key))
        fail(key, `action '${action}' does not use '${key}'`);
  };
  if (NEEDS_TARGET.has(action) && targetLabel === '')
    fail('action', `action '${action}' needs 'target_label'`);
  if (action === 'hashmod' && modulus === 0n) fail('action', "action 'hashmod' needs a 'modulus' above 0");
  if (action === 'keepequal' || action === 'dropequal') uses('source_labels', 'target_label');
  if (action === 'labeldrop' || action === 'labelkeep') uses('regex');
  if ((action === 'lowercase' || action === 'uppercase') && given.replacement !== undefined)
    fail('replacement', `action '${action}' does not use 'replacement'`);
  return {
    action,
    sourceLabels: given.source_labels ?? [],
    separator: given.separator ?? ';',
    regex,
    matchesAll: (given.regex ?? DEFAULT_REGEX) === DEFAULT_REGEX,
    modulus,
    targetLabel,
    replacement: given.replacement ?? DEFAULT_REPLACEMENT,
  };
});
