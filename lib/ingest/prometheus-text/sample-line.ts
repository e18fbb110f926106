import { parseFloatText, parseMillis, parseSeconds } from './numbers.ts';
import { LineProblem } from './problem.ts';
import { bracesEnd, parseBraces, seriesEnd } from './series.ts';

/** A sample line, split; its series is parsed by whoever has not seen that text before. */
export interface SampleLine {
  /** `name{label="value"}` */
  readonly series: string;
  readonly value: number;
  /** ms since the epoch */
  readonly timestamp: number | undefined;
  readonly hasExemplar: boolean;
}

/** Unicode characters that an exemplar's labels may have together (OpenMetrics 1.0). */
const EXEMPLAR_CHARACTERS = 128;

/** Prometheus text 0.0.4: blanks as one likes, milliseconds. */
export function parseLooseLine(line: string): SampleLine {
  const text = line.trim();
  const end = seriesEnd(text, true);
  const [value, timestamp, ...more] = text
    .slice(end)
    .trim()
    .split(/[ \t]+/);
  if (value === undefined || value === '') throw new LineProblem('the sample has no value');
  if (more.length > 0)
    throw new LineProblem(
      `'${more.join(' ').slice(0, 40)}' stands behind the timestamp; exemplars need the OpenMetrics content type`,
    );
  return {
    series: text.slice(0, end),
    value: parseFloatText(value, 'value'),
    timestamp: timestamp === undefined ? undefined : parseMillis(timestamp),
    hasExemplar: false,
  };
}

/** OpenMetrics 1.0: exactly one space between the parts, seconds, exemplars. */
export function parseStrictLine(line: string): SampleLine {
  const end = seriesEnd(line, false);
  if (end === 0) throw new LineProblem('the line begins with a blank');
  const hash = line.indexOf(' # ', end);
  const [space, value, timestamp, ...more] = (hash < 0 ? line : line.slice(0, hash)).slice(end).split(' ');
  if (space !== '') throw new LineProblem('no space between the series and its value');
  if (value === undefined || value === '') throw new LineProblem('the sample has no value');
  if (more.length > 0) throw new LineProblem('something stands behind the timestamp');
  if (hash >= 0) checkExemplar(line.slice(hash + 3));
  return {
    series: line.slice(0, end),
    value: parseFloatText(value, 'value'),
    timestamp: timestamp === undefined ? undefined : parseSeconds(timestamp),
    hasExemplar: hash >= 0,
  };
}

function checkExemplar(text: string): void {
  if (text[0] !== '{') throw new LineProblem('an exemplar begins with its labels in braces');
  const end = bracesEnd(text, 0);
  const { labels } = parseBraces(text.slice(0, end), false);
  const characters = labels.reduce((n, [name, value]) => n + [...name].length + [...value].length, 0);
  if (characters > EXEMPLAR_CHARACTERS)
    throw new LineProblem(
      `the exemplar's labels have ${characters} characters, at most ${EXEMPLAR_CHARACTERS} are allowed`,
    );
  const [space, value, timestamp, ...more] = text.slice(end).split(' ');
  if (space !== '' || value === undefined)
    throw new LineProblem('no space and value behind the exemplar labels');
  parseFloatText(value, "the exemplar's value");
  if (timestamp !== undefined) parseSeconds(timestamp);
  if (more.length > 0) throw new LineProblem("something stands behind the exemplar's timestamp");
}
