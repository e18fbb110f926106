import { RE2JS } from 're2js';
import type { Matcher } from '#lib/model/metrics.ts';
import { choicesOf, regexSizeProblem } from '#lib/model/regex.ts';

/** Anchored at both ends, `.` matches newlines: what Prometheus makes of a matcher's regex. Linear time in its input. */
export function anchored(pattern: string): RE2JS {
  return RE2JS.compile(`^(?s:${pattern})$`);
}

/** What is wrong with a regular expression; undefined when it is fine. */
export function regexProblem(pattern: string): string | undefined {
  if (choicesOf(pattern) !== undefined) return undefined;
  const problem = regexSizeProblem(pattern);
  if (problem !== undefined) return problem;
  try {
    // On its own: `a)(b` would pass once it stands between our own parentheses.
    RE2JS.compile(pattern);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : String(error);
  }
}

/** A pattern that matches the text itself. */
export function escaped(text: string): string {
  return RE2JS.quote(text);
}

const MAX_KNOWN = 10_000;

/** Whether values satisfy the matcher; remembers its verdicts, as the same values come again and again. */
export function matcherTest({ op, value }: Matcher): (text: string) => boolean {
  if (op === '=') return (text) => text === value;
  if (op === '!=') return (text) => text !== value;
  const test = regexTest(value);
  return op === '=~' ? test : (text) => !test(text);
}

function regexTest(pattern: string): (text: string) => boolean {
  const choices = choicesOf(pattern);
  if (choices !== undefined) {
    const texts = new Set(choices);
    return (text) => texts.has(text);
  }
  const wild = /^(\.[*+])?([^\\.+*?()|[\]{}^$]*)(\.[*+])?$/.exec(pattern);
  if (wild) return containsTest(wild[2] ?? '', wild[1], wild[3]);
  const regex = anchored(pattern);
  const known = new Map<string, boolean>();
  return (text) => {
    let verdict = known.get(text);
    if (verdict === undefined) {
      verdict = regex.matches(text);
      if (known.size < MAX_KNOWN) known.set(text, verdict);
    }
    return verdict;
  };
}

/** `.*text.+` and the like, where either end may be missing. */
function containsTest(
  middle: string,
  before: string | undefined,
  after: string | undefined,
): (text: string) => boolean {
  const [least, most] = [before === '.+' ? 1 : 0, after === '.+' ? 1 : 0];
  if (before === undefined) return (text) => text.startsWith(middle) && text.length >= middle.length + most;
  if (after === undefined) return (text) => text.endsWith(middle) && text.length >= middle.length + least;
  return (text) => {
    const at = text.indexOf(middle, least);
    return at >= least && text.length - at - middle.length >= most;
  };
}

/** Whether a series without the label satisfies the matcher. */
export function matchesEmpty(matcher: Matcher): boolean {
  return matcherTest(matcher)('');
}
