import type { ScrapeConfig } from '#lib/config/scrape-config.ts';
import { exemplarOf } from '#lib/ingest/exemplars.ts';
import { LineProblem } from '#lib/ingest/prometheus-text/problem.ts';
import {
  type ExemplarPart,
  parseLooseLine,
  parseStrictLine,
  type SampleLine,
} from '#lib/ingest/prometheus-text/sample-line.ts';
import type { Rejections } from '#lib/ingest/rejection.ts';
import type { SampleColumns } from '#lib/ingest/sample-columns.ts';
import { labelsKey } from '#lib/model/labels.ts';
import type { SeriesRef } from '#lib/model/metrics.ts';
import type { TextFormat } from './formats.ts';
import type { MetadataCache } from './metadata-cache.ts';
import { ScrapeError } from './scrape-error.ts';
import type { KnownText, SeriesCache } from './series-cache.ts';

/** What a scrape counted so far, also when it fails. */
export interface ScrapeCounts {
  samples: number;
  /** Those that metric relabelling left. */
  kept: number;
  /** Series that the scrape before did not have. */
  added: number;
  /** Samples of a series that the same scrape had already. */
  repeated: number;
  bytes: number;
}

export interface ReaderOptions {
  readonly format: TextFormat;
  readonly config: ScrapeConfig;
  readonly cache: SeriesCache;
  readonly metadata: MetadataCache;
  /** Time of samples that tell none, ms since the epoch. */
  readonly now: number;
  readonly counts: ScrapeCounts;
  readonly columns: SampleColumns;
  readonly rejections: Rejections;
}

/** A line of metrics is never that long. */
const MAX_LINE = 1024 * 1024;

/**
 * Reads a target's answer piece by piece, as it comes in. Unlike an import it does not hold OpenMetrics to the rules of
 * whole families: Prometheus takes what targets say line by line, and so do we.
 */
export class ExpositionReader {
  readonly #options: ReaderOptions;
  readonly #isOpenMetrics: boolean;
  #rest = '';
  #line = 0;
  #isOver = false;
  #last: SeriesRef | undefined;

  constructor(options: ReaderOptions) {
    this.#options = options;
    this.#isOpenMetrics = options.format === 'openmetrics';
  }

  /** @throws ScrapeError that names the line */
  write(piece: string): void {
    const text = this.#rest + piece;
    let start = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      this.#take(text.slice(start, end));
      start = end + 1;
    }
    this.#rest = text.slice(start);
    if (this.#rest.length > MAX_LINE)
      this.#fail(`a line of more than ${MAX_LINE} characters`, this.#line + 1);
  }

  /** @throws ScrapeError */
  end(): void {
    if (this.#rest !== '') this.#take(this.#rest);
    if (this.#isOpenMetrics && !this.#isOver) this.#fail('the text does not end with # EOF');
    const { config, counts } = this.#options;
    if (config.limits.samples > 0 && counts.kept > config.limits.samples)
      throw new ScrapeError(
        `sample_limit of ${config.limits.samples} exceeded: ${counts.kept} samples after metric relabelling`,
      );
  }

  #fail(message: string, line = this.#line): never {
    throw new ScrapeError(`line ${Math.max(1, line)}: ${message}`);
  }

  #take(line: string): void {
    this.#line++;
    try {
      if (this.#isOpenMetrics) this.#openMetrics(line);
      else this.#prometheus(line);
    } catch (error) {
      if (!(error instanceof LineProblem)) throw error;
      const page = /^\s*<(?:!doctype|html|\?xml)/i.test(line)
        ? '; this looks like a web page, check metrics_path'
        : '';
      this.#fail(`${error.message}${page}`);
    }
  }

  #prometheus(given: string): void {
    const line = given.trim();
    if (line === '') return;
    if (line.startsWith('#')) this.#options.metadata.comment(line, false);
    else this.#sample(parseLooseLine(line));
  }

  #openMetrics(line: string): void {
    if (this.#isOver) throw new LineProblem('something stands behind # EOF');
    if (line === '# EOF') this.#isOver = true;
    else if (line.startsWith('#')) this.#options.metadata.comment(line, true);
    else if (line === '') throw new LineProblem('a blank line');
    else this.#sample(this.#strictLine(line));
  }

  /** An exemplar that is no good costs only itself. */
  #strictLine(line: string): SampleLine {
    try {
      return parseStrictLine(line);
    } catch (error) {
      const hash = line.lastIndexOf(' # {');
      if (hash < 0 || !(error instanceof LineProblem)) throw error;
      const sample = parseStrictLine(line.slice(0, hash));
      this.#options.rejections.add('bad-exemplar', error.message);
      return sample;
    }
  }

  #sample(line: SampleLine): void {
    const { config, cache, counts, columns, now, rejections } = this.#options;
    counts.samples++;
    const { known, isNew, isRepeated } = cache.look(line.series);
    const { series, refusal } = known;
    if (refusal !== undefined) rejections.add(refusal.reason, refusal.message);
    if (series === undefined) return;
    counts.kept++;
    const timestamp = config.honorTimestamps ? line.timestamp : undefined;
    const isOver = config.limits.samples > 0 && counts.kept > config.limits.samples;
    if (isNew && !isOver) counts.added++;
    if (isOver) return;
    if (timestamp === undefined || config.trackTimestampsStaleness) cache.track(series);
    if (isRepeated && timestamp === undefined) {
      counts.repeated++;
      return;
    }
    if (series.ref !== this.#last) columns.begin(series.ref);
    this.#last = series.ref;
    const at = timestamp === undefined ? now : Math.round(timestamp);
    columns.push(at, line.value);
    if (line.exemplar !== undefined) this.#exemplar(line.exemplar, known, at);
  }

  #exemplar({ labels, value, timestamp }: ExemplarPart, known: KnownText, at: number): void {
    // Targets show an exemplar until they have a newer one.
    const shown = `${value} ${timestamp} ${labelsKey(labels)}`;
    if (known.exemplar === shown) return;
    known.exemplar = shown;
    const exemplar = exemplarOf(labels, value, Math.round(timestamp ?? at));
    if ('reason' in exemplar) this.#options.rejections.add(exemplar.reason, exemplar.message);
    else this.#options.columns.pushExemplar(exemplar);
  }
}
