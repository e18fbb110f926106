import { Fault } from '#lib/model/fault.ts';
import type { Label } from '#lib/model/labels.ts';
import type { MetricBatch, MetricMetadata, SeriesRef } from '#lib/model/metrics.ts';
import { METRIC_TYPES, seriesRef } from '#lib/model/metrics.ts';
import { exemplarOf } from '../exemplars.ts';
import { describeSeries, labelProblem, MAX_NAME_BYTES } from '../label-limits.ts';
import { type DecodedParts, wholeOf } from '../parts.ts';
import type { Rejection } from '../rejection.ts';
import { Rejections } from '../rejection.ts';
import { SampleColumns } from '../sample-columns.ts';
import { Family } from './family.ts';
import { LineProblem } from './problem.ts';
import type { SampleLine } from './sample-line.ts';
import { parseLooseLine, parseStrictLine } from './sample-line.ts';
import { isMetricName, parseSeriesText, unescapeText } from './series.ts';

export interface ExpositionOptions {
  /** ms since the epoch; the time of samples that tell none */
  readonly now: number;
  /** OpenMetrics 1.0 with all its rules; else Prometheus text 0.0.4 */
  readonly strict: boolean;
  /** Set on every series, over one that it has of that name. */
  readonly extraLabels?: readonly Label[];
}

/** What a scrape or an import said. A metadata name is that of the samples: `requests_total`, `build_info`. */
export interface Exposition extends MetricBatch {
  readonly rejected: readonly Rejection[];
}

/** A line of metrics is never that long. */
const MAX_LINE = 1024 * 1024;
const LINES_AT_ONCE = 2000;

/**
 * Parses a text of metrics, all or nothing as Prometheus does.
 * @throws Fault 400 `bad-exposition`, which names the line
 */
export function parseExposition(text: string, options: ExpositionOptions): Exposition {
  const { batch, rejected } = wholeOf(expositionParts(text, options, Number.POSITIVE_INFINITY));
  return { ...batch, rejected };
}

/** The same in parts, so that others get a turn in between; none of them is good before the last. */
export function* expositionParts(
  text: string,
  options: ExpositionOptions,
  linesAtOnce = LINES_AT_ONCE,
): DecodedParts {
  const samples = new Samples(options);
  const reader = options.strict ? new OpenMetricsText(samples) : new PrometheusText(samples);
  let line = 0;
  try {
    for (let start = 0; start < text.length; ) {
      if (line > 0 && line % linesAtOnce === 0) yield samples.take([]);
      line++;
      const newline = text.indexOf('\n', start);
      const end = newline < 0 ? text.length : newline;
      if (end - start > MAX_LINE) throw new LineProblem(`a line of more than ${MAX_LINE} characters`);
      reader.line(text.slice(start, end));
      start = end + 1;
    }
    yield samples.take(reader.end());
    return samples.rejected;
  } catch (error) {
    if (!(error instanceof LineProblem)) throw error;
    throw new Fault(
      400,
      'bad-exposition',
      `line ${Math.max(1, line)}: ${error.message}; nothing of this body was taken, correct the line and send it again`,
      { details: { line: Math.max(1, line) } },
    );
  }
}

interface KnownSeries {
  /** As they stand in the text. */
  readonly labels: readonly Label[];
  readonly ref: SeriesRef;
}

/** Samples of a text, grouped by series as they come. */
class Samples {
  readonly #now: number;
  readonly #extra: readonly Label[];
  readonly #columns = new SampleColumns();
  readonly #known = new Map<string, KnownSeries>();
  readonly #rejections = new Rejections();
  #last: SeriesRef | undefined;

  constructor({ now, extraLabels = [] }: ExpositionOptions) {
    this.#now = now;
    this.#extra = extraLabels;
  }

  series(text: string, loose: boolean): KnownSeries {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const labels = parseSeriesText(text, loose);
    const problem = labelProblem(labels);
    if (problem !== undefined) throw new LineProblem(problem.message);
    const series = { labels, ref: seriesRef(this.#extra.length > 0 ? [...labels, ...this.#extra] : labels) };
    this.#known.set(text, series);
    return series;
  }

  push(line: SampleLine, { ref }: KnownSeries): void {
    if (ref !== this.#last) this.#columns.begin(ref);
    this.#last = ref;
    const at = Math.round(line.timestamp ?? this.#now);
    this.#columns.push(at, line.value);
    if (line.exemplar === undefined) return;
    const { labels, value, timestamp = at } = line.exemplar;
    const exemplar = exemplarOf(labels, value, Math.round(timestamp));
    if ('reason' in exemplar)
      this.#rejections.add(exemplar.reason, `${exemplar.message}, at ${describeSeries(ref.labels)}`);
    else this.#columns.pushExemplar(exemplar);
  }

  take(metadata: readonly MetricMetadata[]): MetricBatch {
    this.#last = undefined;
    return this.#columns.take(metadata);
  }

  get rejected(): readonly Rejection[] {
    return this.#rejections.list();
  }
}

class PrometheusText {
  readonly #samples: Samples;
  readonly #metadata = new Map<string, MetricMetadata>();

  constructor(samples: Samples) {
    this.#samples = samples;
  }

  line(line: string): void {
    const comment = /^[ \t]*#(?:[ \t]+(HELP|TYPE)[ \t]+([^ \t]+)(?:[ \t]+(.*))?)?/s.exec(line);
    if (comment === null) {
      if (line.trim() === '') return;
      const sample = parseLooseLine(line);
      this.#samples.push(sample, this.#samples.series(sample.series, true));
      return;
    }
    const [, keyword, quoted, text = ''] = comment;
    if (keyword === undefined || quoted === undefined) return;
    const name = quoted.startsWith('"') ? unescapeText(quoted.slice(1, -1)) : quoted;
    if (name.length > MAX_NAME_BYTES)
      throw new LineProblem(`a metric name of more than ${MAX_NAME_BYTES} bytes`);
    const before = this.#metadata.get(name) ?? { name, type: 'unknown', help: '', unit: '' };
    if (keyword === 'HELP') this.#metadata.set(name, { ...before, help: unescapeText(text.trimEnd()) });
    else this.#metadata.set(name, { ...before, type: typeNamed(text.trim()) });
  }

  end(): readonly MetricMetadata[] {
    return [...this.#metadata.values()];
  }
}

function typeNamed(text: string): MetricMetadata['type'] {
  if (text === 'untyped') return 'unknown';
  const type = METRIC_TYPES.find((one) => one === text);
  if (type === undefined) throw new LineProblem(`'${text.slice(0, 40)}' is not a metric type`);
  return type;
}

class OpenMetricsText {
  readonly #samples: Samples;
  readonly #metadata: MetricMetadata[] = [];
  readonly #names = new Set<string>();
  #family: Family | undefined;
  #isOver = false;

  constructor(samples: Samples) {
    this.#samples = samples;
  }

  line(line: string): void {
    if (this.#isOver) throw new LineProblem('something stands behind # EOF');
    if (line === '# EOF') this.#isOver = true;
    else if (line.startsWith('#')) this.#comment(line);
    else if (line === '') throw new LineProblem('a blank line');
    else this.#sample(line);
  }

  end(): readonly MetricMetadata[] {
    this.#endFamily();
    if (!this.#isOver) throw new LineProblem('the text does not end with # EOF');
    return this.#metadata;
  }

  #comment(line: string): void {
    const parts = /^# ([^ ]*) ([^ ]*) (.*)$/s.exec(line);
    if (parts === null) throw new LineProblem('not of the form # KEYWORD name text');
    const [, keyword = '', name = '', text = ''] = parts;
    if (!isMetricName(name)) throw new LineProblem(`'${name.slice(0, 60)}' is not a metric name`);
    const family = this.#family?.name === name ? this.#family : this.#begin(name);
    family.metadata(keyword, keyword === 'HELP' ? unescapeText(text) : text);
  }

  #sample(line: string): void {
    const sample = parseStrictLine(line);
    const series = this.#samples.series(sample.series, false);
    const name = series.labels[0]?.[1] ?? '';
    const family = this.#family?.holds(name) ? this.#family : this.#begin(name);
    if (family.sample(sample, series.labels, series.ref.key)) this.#samples.push(sample, series);
  }

  #begin(name: string): Family {
    this.#endFamily();
    this.#family = new Family(name);
    return this.#family;
  }

  #endFamily(): void {
    const family = this.#family;
    if (family === undefined) return;
    family.end();
    for (const name of family.names()) {
      if (this.#names.has(name)) throw new LineProblem(`the name '${name}' belongs to two metric families`);
      this.#names.add(name);
    }
    const { type = 'unknown', help = '', unit = '' } = family;
    const suffix = type === 'counter' ? '_total' : type === 'info' ? '_info' : '';
    if (family.type !== undefined || help !== '' || unit !== '')
      this.#metadata.push({ name: family.name + suffix, type, help, unit });
    this.#family = undefined;
  }
}
