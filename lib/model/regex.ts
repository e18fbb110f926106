/** Longer ones are only taken where they are a mere choice of texts. */
const MAX_LENGTH = 32_768;
/** Of length times repetitions: what the compiled expression takes, roughly in instructions. */
const MAX_SIZE = 500_000;

const META = '\\.+*?()|[]{}^$';

/**
 * The texts of an expression that is nothing but a choice of texts, as dashboards make of a variable with several
 * values (`a\.example|b\.example`); undefined for any other.
 */
export function choicesOf(pattern: string): string[] | undefined {
  const choices: string[] = [];
  let text = '';
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern.charAt(i);
    if (char === '|') {
      choices.push(text);
      text = '';
    } else if (char === '\\') {
      const next = pattern.charAt(++i);
      if (!/^[!-/:-@[-`{-~]$/.test(next)) return undefined;
      text += next;
    } else if (META.includes(char)) return undefined;
    else text += char;
  }
  choices.push(text);
  return choices;
}

/** Why an expression is not compiled at all: a few hundred characters of repetitions can take seconds. Undefined when it is fine. */
export function regexSizeProblem(pattern: string): string | undefined {
  let repeats = 1;
  for (const [, least = '', most = ''] of pattern.matchAll(/\{(\d+)(?:,(\d*))?\}/g))
    repeats += Math.max(Number(least), Number(most));
  if (pattern.length <= MAX_LENGTH && pattern.length * repeats <= MAX_SIZE) return undefined;
  return 'expression is too large; use fewer repetitions, or match parts of it with labels of their own';
}
