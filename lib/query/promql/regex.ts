import { RE2JS } from 're2js';
import type { Matcher } from '#lib/model/metrics.ts';

/** Anchored at both ends, `.` matches newlines: what Prometheus makes of a matcher's regex. Linear time in its input. */
export function anchored(pattern: string): RE2JS {
  return RE2JS.compile(`^(?s:${pattern})$`);
}

/** What is wrong with a regular expression; undefined when it is fine. */
export function regexProblem(pattern: string): string | undefined {
  try {
    // On its own: `a)(b` would pass once it stands between our own parentheses.
    RE2JS.compile(pattern);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : String(error);
  }
}

/** Whether a series without the label satisfies the matcher. */
export function matchesEmpty(matcher: Matcher): boolean {
  switch (matcher.op) {
    case '=':
      return matcher.value === '';
    case '!=':
      return matcher.value !== '';
    case '=~':
      return anchored(matcher.value).matches('');
    case '!~':
      return !anchored(matcher.value).matches('');
  }
}
