import { createHash } from 'node:crypto';
import type { RE2JS } from 're2js';
import type { RelabelRule } from '#lib/config/relabel-rule.ts';

/** Labels being worked on. An empty value is an absent label. */
export type LabelMap = Map<string, string>;

/** Applies the rules in their order, in place. False: what these labels belong to is dropped. */
export function relabel(labels: LabelMap, rules: readonly RelabelRule[]): boolean {
  for (const rule of rules) if (!step(labels, rule)) return false;
  return true;
}

function set(labels: LabelMap, name: string, value: string): void {
  if (value === '') labels.delete(name);
  else labels.set(name, value);
}

function step(labels: LabelMap, rule: RelabelRule): boolean {
  const { regex, targetLabel } = rule;
  const value = rule.sourceLabels.map((name) => labels.get(name) ?? '').join(rule.separator);
  switch (rule.action) {
    case 'keep':
      return regex.matches(value);
    case 'drop':
      return !regex.matches(value);
    case 'keepequal':
      return (labels.get(targetLabel) ?? '') === value;
    case 'dropequal':
      return (labels.get(targetLabel) ?? '') !== value;
    case 'replace':
      replace(labels, rule, value);
      return true;
    case 'lowercase':
      set(labels, targetLabel, value.toLowerCase());
      return true;
    case 'uppercase':
      set(labels, targetLabel, value.toUpperCase());
      return true;
    case 'hashmod':
      set(labels, targetLabel, String(lastWord(value) % rule.modulus));
      return true;
    case 'labelmap':
      for (const [name, own] of [...labels]) {
        const renamed = substitute(regex, name, rule.replacement);
        if (renamed) set(labels, renamed, own);
      }
      return true;
    case 'labeldrop':
      for (const name of [...labels.keys()]) if (regex.matches(name)) labels.delete(name);
      return true;
    case 'labelkeep':
      for (const name of [...labels.keys()]) if (!regex.matches(name)) labels.delete(name);
      return true;
  }
}

/** The last 8 bytes of the MD5, so that targets are sharded as by Prometheus. */
function lastWord(value: string): bigint {
  return createHash('md5').update(value).digest().readBigUInt64BE(8);
}

function replace(labels: LabelMap, rule: RelabelRule, value: string): void {
  const { regex, targetLabel, replacement } = rule;
  // Most rules of this kind just set a label; the regex would match anything.
  if (rule.matchesAll && !targetLabel.includes('$') && !replacement.includes('$')) {
    set(labels, targetLabel, replacement);
    return;
  }
  const target = substitute(regex, value, targetLabel);
  if (target) set(labels, target, substitute(regex, value, replacement) ?? '');
}

const REFERENCE = /\$(?:\$|([0-9A-Za-z_]+)|\{([0-9A-Za-z_]+)\})/g;

/**
 * The template with `$1`, `${1}`, `$name` and `${name}` filled in from the match of the whole text, as Go's
 * `Regexp.Expand` does: the longest name counts, an unknown one is empty, `$$` is a dollar sign.
 * Undefined when the regex does not match.
 */
function substitute(regex: RE2JS, text: string, template: string): string | undefined {
  const matcher = regex.matcher(text);
  if (!matcher.matches()) return undefined;
  if (!template.includes('$')) return template;
  const named = regex.namedGroups();
  return template.replace(REFERENCE, (all, plain?: string, braced?: string) => {
    const name = plain ?? braced;
    if (name === undefined) return all === '$$' ? '$' : all;
    const group = /^\d+$/.test(name) ? Number(name) : Object.hasOwn(named, name) ? named[name] : undefined;
    if (group === undefined || group > matcher.groupCount()) return '';
    return matcher.group(group) ?? '';
  });
}
