import type { Label } from '#lib/model/labels.ts';
import type { NativeHistogram } from '#lib/model/native-histogram.ts';
import { durationMs, parseNumber, unquote } from '#lib/query/promql/literal.ts';
import { histogramPoints, withCustomBuckets } from './test-histograms.ts';

/** One series line: labels and a point for each step; undefined where there is none. */
export interface SeriesLine {
  readonly labels: Label[];
  readonly points: (number | 'stale' | NativeHistogram | undefined)[];
}

export interface Load {
  readonly kind: 'load';
  readonly stepMs: number;
  readonly series: SeriesLine[];
}

export interface Eval {
  readonly kind: 'eval';
  readonly line: number;
  readonly query: string;
  /** Instant when `stepMs` is 0. */
  readonly startMs: number;
  readonly endMs: number;
  readonly stepMs: number;
  readonly expected: SeriesLine[];
  readonly scalar: number | undefined;
  readonly text: string | undefined;
  readonly fails: boolean;
  readonly failMessage: string | undefined;
  readonly ordered: boolean;
  /** Times of an expected range vector. */
  readonly samplesAt: { readonly startMs: number; readonly stepMs: number } | undefined;
  /** `warn`, `no_warn`, `info`, `no_info`, with the message where one is given. */
  readonly annotations: { readonly kind: string; readonly message: string | undefined }[];
}

/** Commands between two `clear`s. */
export type Block = (Load | Eval)[];

/** Reads the language described in FORMAT.md of the cases. */
export function readTests(text: string): Block[] {
  const lines = text.split('\n').map((line) => line.trim());
  const blocks: Block[] = [[]];
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? '';
    if (line === '' || line.startsWith('#')) continue;
    if (/^clear$/i.test(line)) {
      blocks.push([]);
      continue;
    }
    const start = i + 1;
    const body: string[] = [];
    while (i + 1 < lines.length && lines[i + 1] !== '' && !lines[i + 1]?.startsWith('#'))
      body.push(lines[++i] ?? '');
    const load = /^load(?:_with_nhcb)?\s+(\S+)$/i.exec(line);
    blocks.at(-1)?.push(
      load
        ? {
            kind: 'load',
            stepMs: time(load[1] ?? ''),
            series: withCustomBuckets(
              body.filter((l) => !/@st\s/.test(l)).map(seriesLine),
              /^load_with_nhcb/i.test(line),
            ),
          }
        : evalCommand(line, start, body),
    );
  }
  return blocks;
}

function time(text: string): number {
  const [, sign, amount = ''] = /^(-?)(.*)$/.exec(text) ?? [];
  const ms = durationMs(amount) ?? (parseNumber(amount) ?? Number.NaN) * 1000;
  if (Number.isNaN(ms)) throw new Error(`not a time: ${text}`);
  return sign === '-' ? -ms : ms;
}

function evalCommand(line: string, number: number, body: readonly string[]): Eval {
  const instant = /^eval(?:_(\w+))?\s+instant\s+at\s+(\S+)\s+(.+)$/i.exec(line);
  const range = /^eval(?:_(\w+))?\s+range\s+from\s+(\S+)\s+to\s+(\S+)\s+step\s+(\S+)\s+(.+)$/i.exec(line);
  const [, word, from = '', to = '', step = '', query = ''] = instant
    ? [instant[0], instant[1], instant[2], instant[2], '0', instant[3]]
    : (range ?? []);
  if (!instant && !range) throw new Error(`line ${number}: unknown command: ${line}`);
  const expected: SeriesLine[] = [];
  const annotations: Eval['annotations'] = [];
  let scalar: number | undefined;
  let text: string | undefined;
  let fails = word === 'fail';
  let failMessage: string | undefined;
  let ordered = word === 'ordered';
  let samplesAt: Eval['samplesAt'];
  if (word === 'warn' || word === 'info') annotations.push({ kind: word, message: undefined });
  for (const item of body) {
    const vector = /^expect\s+range\s+vector\s+from\s+(\S+)\s+to\s+\S+\s+step\s+(\S+)$/.exec(item);
    const string = /^expect\s+string\s+(.+)$/.exec(item);
    const expectation = /^expect\s+(ordered|fail|warn|no_warn|info|no_info)(?:\s+(regex|msg):(.+))?$/.exec(
      item,
    );
    if (vector) samplesAt = { startMs: time(vector[1] ?? ''), stepMs: time(vector[2] ?? '') };
    else if (string) text = unquote(item, string[1] ?? '', { from: 0, to: 0 }).value;
    else if (/^expected_fail/.test(item)) continue;
    else if (expectation) {
      const [, kind = '', how, message] = expectation;
      if (kind === 'ordered') ordered = true;
      else if (kind === 'fail') {
        fails = true;
        failMessage = how === 'msg' ? message?.trim() : undefined;
      } else annotations.push({ kind, message: how === 'msg' ? message?.trim() : undefined });
    } else if (parseNumber(item) !== undefined) scalar = parseNumber(item);
    else expected.push(seriesLine(item));
  }
  return {
    kind: 'eval',
    line: number,
    query,
    startMs: time(from),
    endMs: time(to),
    stepMs: time(step),
    expected,
    scalar,
    text,
    fails,
    failMessage,
    ordered,
    samplesAt,
    annotations,
  };
}

export function seriesLine(line: string): SeriesLine {
  const [, name = '', braces, rest = ''] =
    /^([a-zA-Z_:][\w:]*)?\s*(\{(?!\{)(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[^"'}])*\})?\s*(.*)$/s.exec(
      line,
    ) ?? [];
  const labels: Label[] = name === '' ? [] : [['__name__', name]];
  const item = /("(?:\\.|[^"\\])*"|[a-zA-Z_][\w]*)\s*(?:=\s*("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'))?\s*,?/g;
  for (const [, key = '', value] of (braces ?? '').slice(1, -1).matchAll(item)) {
    const plain = key.startsWith('"') ? unquote(key, key, { from: 0, to: 0 }).value : key;
    if (value === undefined) labels.push(['__name__', plain]);
    else labels.push([plain, unquote(value, value, { from: 0, to: 0 }).value]);
  }
  return { labels, points: points(rest) };
}

function points(text: string): SeriesLine['points'] {
  const found: SeriesLine['points'] = [];
  for (const [item] of text.matchAll(/(?:\{\{.*?\}\}(?:[+-]\{\{.*?\}\})?(?:x\d+)?)|\S+/g)) {
    const repeat = /x(\d+)$/.exec(item);
    const body = repeat ? item.slice(0, repeat.index) : item;
    const times = repeat ? Number(repeat[1]) : 0;
    if (item.startsWith('{{')) found.push(...histogramPoints(body, times));
    else if (body === '_') for (let i = 0; i < Math.max(1, times); i++) found.push(undefined);
    else if (body === 'stale') for (let i = 0; i <= times; i++) found.push('stale');
    else {
      const series = repeat ? /^(.+?)([+-](?!inf)[^+-]+(?:e[+-]?\d+)?)$/i.exec(body) : null;
      const start = series ? parseNumber(series[1] ?? '') : undefined;
      let value = start ?? parseNumber(body);
      const step = start === undefined ? 0 : (parseNumber(series?.[2] ?? '') ?? 0);
      if (value === undefined) throw new Error(`bad value '${item}' in: ${text}`);
      for (let i = 0; i <= times; i++) {
        found.push(value);
        value += step;
      }
    }
  }
  return found;
}
