import type { Label } from '#lib/model/labels.ts';
import { METRIC_NAME } from '#lib/model/labels.ts';
import { LineProblem } from './problem.ts';

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

export function isMetricName(text: string): boolean {
  return NAME.test(text);
}

/**
 * Where the series that a sample line begins with ends: behind the closing brace, or the name where there is none.
 * @param loose blanks may stand before the brace (Prometheus text)
 */
export function seriesEnd(line: string, loose: boolean): number {
  let at = 0;
  while (at < line.length && !' \t{'.includes(line.charAt(at))) at++;
  const nameEnd = at;
  if (loose) while (line[at] === ' ' || line[at] === '\t') at++;
  return line[at] === '{' ? bracesEnd(line, at) : nameEnd;
}

/** @param at of the opening brace */
export function bracesEnd(line: string, at: number): number {
  for (let i = at + 1; i < line.length; i++) {
    const char = line.charCodeAt(i);
    if (char === 0x7d) return i + 1;
    if (char === 0x22) {
      i++;
      while (i < line.length && line.charCodeAt(i) !== 0x22) i += line.charCodeAt(i) === 0x5c ? 2 : 1;
    }
  }
  throw new LineProblem('the labels have no closing brace');
}

/**
 * `name{label="value",…}` → pairs, the metric name first.
 * @param loose blanks and a trailing comma may stand between the braces, and names may be quoted there
 */
export function parseSeriesText(text: string, loose: boolean): Label[] {
  const brace = text.indexOf('{');
  const name = brace < 0 ? text : loose ? text.slice(0, brace).trimEnd() : text.slice(0, brace);
  const { labels, quotedName } = brace < 0 ? { labels: [] } : parseBraces(text.slice(brace), loose);
  if (name === '' && quotedName !== undefined) return [[METRIC_NAME, quotedName], ...labels];
  if (!NAME.test(name)) throw new LineProblem(`'${name.slice(0, 60)}' is not a metric name`);
  if (quotedName !== undefined) throw new LineProblem('the metric has two names');
  return [[METRIC_NAME, name], ...labels];
}

/** @param text from the opening to the closing brace */
export function parseBraces(text: string, loose: boolean): { labels: Label[]; quotedName?: string } {
  const labels: Label[] = [];
  let quotedName: string | undefined;
  const end = text.length - 1;
  let at = 1;
  const blanks = () => {
    if (loose) while (text[at] === ' ' || text[at] === '\t') at++;
  };
  const quoted = (): string => {
    const start = ++at;
    while (at < end && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
    if (at >= end) throw new LineProblem('a label value has no closing quote');
    return unescapeText(text.slice(start, at++));
  };
  blanks();
  while (at < end) {
    const isQuoted = loose && text[at] === '"';
    const start = at;
    if (!isQuoted) while (at < end && !'=", \t}'.includes(text.charAt(at))) at++;
    const name = isQuoted ? quoted() : text.slice(start, at);
    blanks();
    if (isQuoted && text[at] !== '=') {
      if (quotedName !== undefined) throw new LineProblem('the metric has two names');
      quotedName = name;
    } else {
      if (!isQuoted && !LABEL_NAME.test(name))
        throw new LineProblem(`'${name.slice(0, 60)}' is not a label name`);
      if (text[at] !== '=') throw new LineProblem(`label '${name.slice(0, 60)}' has no '='`);
      at++;
      blanks();
      if (text[at] !== '"') throw new LineProblem(`the value of label '${name.slice(0, 60)}' is not quoted`);
      labels.push([name, quoted()]);
    }
    blanks();
    if (at === end) break;
    if (text[at] !== ',') throw new LineProblem('labels are not separated by a comma');
    at++;
    blanks();
    if (at === end && !loose) throw new LineProblem('a comma behind the last label');
  }
  if (new Set(labels.map(([name]) => name)).size < labels.length)
    throw new LineProblem('a label stands twice');
  return quotedName === undefined ? { labels } : { labels, quotedName };
}

/** `\\`, `\"` and `\n`; a backslash before anything else is itself. */
export function unescapeText(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(/\\([\\"n])/g, (_all, char: string) => (char === 'n' ? '\n' : char));
}
