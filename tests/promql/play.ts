import type { Label, Labels } from '#lib/model/labels.ts';
import { labelsKey, makeLabels } from '#lib/model/labels.ts';
import type { NativeHistogram } from '#lib/model/native-histogram.ts';
import type { QueryResult, VectorElement } from '#lib/query/promql/engine.ts';
import { instantQuery, rangeQuery } from '#lib/query/promql/engine.ts';
import { filledBuckets } from '#lib/query/promql/native/bucket-bounds.ts';
import { histogramText } from '#lib/query/promql/native/text.ts';
import { MemoryReader } from './memory-reader.ts';
import type { Block, Eval, SeriesLine } from './test-language.ts';

export type Group = 'core' | 'native' | 'experimental';

export interface Verdict {
  readonly test: Eval;
  readonly group: Group;
  /** Empty when as expected. */
  readonly problem: string;
  /** Empty when annotations are as expected. */
  readonly annotationProblem: string;
}

const EXPERIMENTAL =
  /\b(?:end|start|range|step|start_timestamp|histogram_quantiles|double_exponential_smoothing|info|max_of|min_of|mad_over_time|ts_of_(?:first|max|min|last)_over_time|sort_by_label(?:_desc)?)\s*\(|\b(?:limitk|limit_ratio)\b|\b(?:anchored|smoothed|fill|fill_left|fill_right)\b|(?:\[|offset\s*)\(/;

/** Plays the commands of one block against an empty reader. */
export async function play(block: Block, file: string): Promise<Verdict[]> {
  const reader = new MemoryReader();
  const native = new Set<string>();
  const verdicts: Verdict[] = [];
  for (const command of block)
    if (command.kind === 'load')
      for (const { labels, points } of command.series)
        if (points.some((point) => typeof point === 'object')) native.add(nameOf(labels));
  for (const command of block) {
    if (command.kind === 'load') {
      for (const { labels, points } of command.series)
        reader.add(
          labels,
          points.flatMap((value, index) =>
            value === undefined ? [] : [[index * command.stepMs, value] as const],
          ),
        );
      continue;
    }
    verdicts.push({ test: command, group: groupOf(command, file, native), ...(await run(reader, command)) });
  }
  return verdicts;
}

function nameOf(labels: readonly Label[]): string {
  return labels.find(([name]) => name === '__name__')?.[1] ?? '';
}

function groupOf(test: Eval, file: string, native: ReadonlySet<string>): Group {
  if (
    file.startsWith('name_label_dropping') ||
    EXPERIMENTAL.test(test.query.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""'))
  )
    return 'experimental';
  const names = test.query.replaceAll(/"[^"]*"|'[^']*'/g, '').match(/[a-zA-Z_:][\w:]*/g) ?? [];
  const bare = native.size > 0 && /(?:^|[^\w:}])\{|__name__/.test(test.query.replaceAll(/"[^"]*"/g, ''));
  const histograms = test.expected.some(({ points }) => points.some((p) => typeof p === 'object'));
  return histograms || bare || names.some((name) => native.has(name)) ? 'native' : 'core';
}

async function run(
  reader: MemoryReader,
  test: Eval,
): Promise<{ readonly problem: string; readonly annotationProblem: string }> {
  let result: QueryResult;
  try {
    result = test.stepMs
      ? await rangeQuery(reader, test.query, test)
      : await instantQuery(reader, test.query, { timeMs: test.startMs });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (!test.fails) return { problem: message, annotationProblem: '' };
    const expected = test.failMessage !== undefined && !message.includes(test.failMessage);
    return {
      problem: expected ? `failed with "${message}", expected "${test.failMessage}"` : '',
      annotationProblem: '',
    };
  }
  if (test.fails) return { problem: 'expected an error', annotationProblem: '' };
  const problem = compare(test, result) || (await asMiddleStep(reader, test, result));
  return { problem, annotationProblem: annotationProblem(test, result) };
}

/** An instant query must give the same as one step among others. */
async function asMiddleStep(reader: MemoryReader, test: Eval, { data }: QueryResult): Promise<string> {
  if (test.stepMs || test.ordered || /\b(?:start|end|range|step)\(\)/.test(test.query)) return '';
  if (data.type !== 'vector' && data.type !== 'scalar') return '';
  const result = await rangeQuery(reader, test.query, {
    startMs: test.startMs - 60_000,
    endMs: test.startMs + 60_000,
    stepMs: 60_000,
  });
  const elements: readonly VectorElement[] =
    data.type === 'vector' ? data.elements : [{ labels: [], value: data.value }];
  const expected = elements.map(({ labels, value, histogram }) => ({
    labels: [...labels],
    points: [histogram ?? value],
  }));
  const found = result.data.series.flatMap(({ labels, times, values, histograms }) => {
    const middle = times.indexOf(test.startMs);
    const sample = histograms?.[middle] ?? values[middle] ?? 0;
    return middle < 0 ? [] : [{ labels, samples: [[test.startMs, sample] as const] }];
  });
  const problem = compareSeries(expected, found, () => test.startMs);
  return problem && `as the middle step of a range: ${problem}`;
}

function compare(test: Eval, { data }: QueryResult): string {
  if (data.type === 'string') return data.value === test.text ? '' : `string "${data.value}"`;
  if (test.text !== undefined) return `${data.type}, expected a string`;
  if (data.type === 'scalar')
    return test.scalar !== undefined && near(test.scalar, data.value) ? '' : `scalar ${data.value}`;
  if (test.scalar !== undefined) return `${data.type}, expected a scalar`;
  if (data.type === 'vector') {
    const elements = data.elements.map(({ labels, value, histogram }) => ({
      labels,
      samples: [[test.startMs, histogram ?? value] as const],
    }));
    const keys = data.elements.map(({ labels }) => labelsKey(labels)).join('\n');
    const wanted = test.expected.map(({ labels }) => labelsKey(makeLabels(labels))).join('\n');
    if (test.ordered && keys !== wanted) return 'another order';
    return compareSeries(test.expected, elements, () => test.startMs);
  }
  const { startMs, stepMs } = test.samplesAt ?? test;
  const found = data.series.map(({ labels, times, values, histograms }) => ({
    labels,
    samples: Array.from(times, (time, i) => [time, histograms?.[i] ?? values[i] ?? 0] as const),
  }));
  return compareSeries(test.expected, found, (index) => startMs + index * stepMs);
}

interface Found {
  readonly labels: Labels;
  readonly samples: readonly (readonly [time: number, value: number | NativeHistogram])[];
}

function compareSeries(
  expected: readonly SeriesLine[],
  found: readonly Found[],
  timeOf: (index: number) => number,
): string {
  const left = new Map(found.map((series) => [labelsKey(series.labels), series]));
  for (const { labels, points } of expected) {
    const wanted = points.flatMap((value, index) =>
      value === undefined || value === 'stale' ? [] : [[timeOf(index), value] as const],
    );
    const key = labelsKey(makeLabels(labels));
    const series = left.get(key);
    left.delete(key);
    if (!series) {
      if (wanted.length) return `${JSON.stringify(labels)} is missing`;
      continue;
    }
    const got = series.samples;
    const same =
      got.length === wanted.length &&
      got.every(([time, value], i) => time === wanted[i]?.[0] && nearSample(wanted[i]?.[1] ?? 0, value));
    if (!same) return `${JSON.stringify(labels)}: ${text(got)}, expected ${text(wanted)}`;
  }
  const [extra] = left.values();
  return extra ? `unexpected ${JSON.stringify(extra.labels)} ${text(extra.samples)}` : '';
}

function text(samples: Found['samples']): string {
  return samples
    .map(([time, value]) => `${time}: ${typeof value === 'number' ? value : histogramText(value)}`)
    .join(' ');
}

function nearSample(wanted: number | NativeHistogram, got: number | NativeHistogram): boolean {
  if (typeof wanted === 'number' || typeof got === 'number') {
    return typeof wanted === 'number' && typeof got === 'number' && near(wanted, got);
  }
  const [a, b] = [filledBuckets(wanted), filledBuckets(got)];
  return (
    wanted.schema === got.schema &&
    (wanted.counterReset === 'unknown' || wanted.counterReset === got.counterReset) &&
    near(wanted.count, got.count) &&
    near(wanted.sum, got.sum) &&
    near(wanted.zeroThreshold, got.zeroThreshold) &&
    wanted.customValues.length === got.customValues.length &&
    wanted.customValues.every((bound, i) => bound === got.customValues[i]) &&
    a.length === b.length &&
    a.every((bucket, i) => bucket.every((value, part) => near(value, b[i]?.[part] ?? Number.NaN)))
  );
}

/** Equal within one part in a million. */
function near(a: number, b: number): boolean {
  if (a === b || (Number.isNaN(a) && Number.isNaN(b))) return true;
  if (!Number.isFinite(a) || !Number.isFinite(b)) return false;
  const difference = Math.abs(a - b);
  return difference <= 1e-12 || difference / Math.min(Math.abs(a) + Math.abs(b), Number.MAX_VALUE) < 1e-6;
}

function annotationProblem(test: Eval, { warnings, infos }: QueryResult): string {
  for (const { kind, message } of test.annotations) {
    const got = kind.endsWith('warn') ? warnings : infos;
    if (kind.startsWith('no_') ? got.length > 0 : got.length === 0) return `${kind}, got "${got.join('; ')}"`;
    if (message !== undefined && !got.includes(message))
      return `${kind} "${got.join('; ')}", expected "${message}"`;
  }
  return '';
}
