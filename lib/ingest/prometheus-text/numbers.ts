import { LineProblem } from './problem.ts';

const DECIMAL = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const SPECIAL = /^([+-]?)(?:inf|infinity|(nan))$/i;

/** A float as both formats write it: decimal, `NaN`, `+Inf`, `-Inf`. */
export function parseFloatText(text: string, what: string): number {
  if (DECIMAL.test(text)) return Number(text);
  const special = SPECIAL.exec(text);
  if (special === null) throw new LineProblem(`${what} '${text.slice(0, 40)}' is not a number`);
  if (special[2] !== undefined) return Number.NaN;
  return special[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

/** OpenMetrics: seconds with an optional fraction → ms. */
export function parseSeconds(text: string): number {
  if (!DECIMAL.test(text))
    throw new LineProblem(`timestamp '${text.slice(0, 40)}' is not a number of seconds`);
  return Number(text) * 1000;
}

/** Prometheus text: whole milliseconds. */
export function parseMillis(text: string): number {
  if (!/^[+-]?\d{1,19}$/.test(text))
    throw new LineProblem(`timestamp '${text.slice(0, 40)}' is not a whole number of milliseconds`);
  return Number(text);
}
