import { RE2JS } from 're2js';
import { Fault } from '#lib/model/fault.ts';
import { type Labels, labelValue } from '#lib/model/labels.ts';
import type { Matcher } from '#lib/model/metrics.ts';
import { choicesOf, regexSizeProblem } from '#lib/model/regex.ts';

export interface CompiledMatcher {
  readonly name: string;
  /** The one value that satisfies it, where there is just one. */
  readonly equals: string | undefined;
  /** Whether a series without the label satisfies it. */
  readonly matchesAbsent: boolean;
  test(value: string): boolean;
}

/** A test for an anchored RE2 expression; common simple forms do without the engine. */
function regexTest(source: string, name: string): (value: string) => boolean {
  if (source === '.*') return () => true;
  if (source === '.+') return (value) => value !== '';
  const choices = choicesOf(source);
  if (choices !== undefined) {
    const values = new Set(choices);
    return (value) => values.has(value);
  }
  let pattern: RE2JS;
  try {
    const problem = regexSizeProblem(source);
    if (problem !== undefined) throw new Error(problem);
    // `s`: in Prometheus a dot matches a line break too.
    pattern = RE2JS.compile(`^(?s:${source})$`);
  } catch (error) {
    throw new Fault(
      400,
      'bad-regex',
      `the expression of label '${name}' is not a valid RE2 expression: ${error instanceof Error ? error.message : error}`,
    );
  }
  const known = new Map<string, boolean>();
  return (value) => {
    let answer = known.get(value);
    if (answer === undefined) {
      answer = pattern.matcher(value).find();
      known.set(value, answer);
    }
    return answer;
  };
}

/** Throws a 400 Fault that names the label of a malformed expression. */
export function compileMatcher({ name, op, value }: Matcher): CompiledMatcher {
  const positive = op === '=~' || op === '!~' ? regexTest(value, name) : (v: string) => v === value;
  const test = op === '!=' || op === '!~' ? (v: string) => !positive(v) : positive;
  return { name, equals: op === '=' ? value : undefined, matchesAbsent: test(''), test };
}

export const matchesAll = (labels: Labels, matchers: readonly CompiledMatcher[]): boolean =>
  matchers.every((m) => m.test(labelValue(labels, m.name)));
