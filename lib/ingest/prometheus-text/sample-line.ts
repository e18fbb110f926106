import type { Label } from '#lib/model/labels.ts';
import { EXEMPLAR_CHARACTERS, exemplarCharacters } from '../exemplars.ts';
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
  readonly exemplar: ExemplarPart | undefined;
}

export interface ExemplarPart {
  readonly labels: readonly Label[];
  readonly value: number;
  /** ms since the epoch */
  readonly timestamp: number | undefined;
}

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
    exemplar: undefined,
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
  return {
    series: line.slice(0, end),
    value: parseFloatText(value, 'value'),
    timestamp: timestamp === undefined ? undefined : parseSeconds(timestamp),
    exemplar: hash < 0 ? undefined : parseExemplar(line.slice(hash + 3)),
  };
}

function parseExemplar(text: string): ExemplarPart {
  if (text[0] !== '{') throw new LineProblem('an exemplar begins with its labels in braces');
  const end = bracesEnd(text, 0);
  const { labels } = parseBraces(text.slice(0, end), false);
  const characters = exemplarCharacters(labels);
  if (characters > EXEMPLAR_CHARACTERS)
    throw new LineProblem(
      `the exemplar's labels have ${characters} characters, at most ${EXEMPLAR_CHARACTERS} are allowed`,
    );
  const [space, value, timestamp, ...more] = text.slice(end).split(' ');
  if (space !== '' || value === undefined)
    throw new LineProblem('no space and value behind the exemplar labels');
  if (more.length > 0) throw new LineProblem("something stands behind the exemplar's timestamp");
  return {
    labels,
    value: parseFloatText(value, "the exemplar's value"),
    timestamp: timestamp === undefined ? undefined : parseSeconds(timestamp),
  };
}
