import type { ScrapeConfig } from '#lib/config/scrape-config.ts';
import { describeSeries, labelProblem } from '#lib/ingest/label-limits.ts';
import { parseSeriesText } from '#lib/ingest/prometheus-text/series.ts';
import { type Label, type Labels, labelsKey, METRIC_NAME } from '#lib/model/labels.ts';
import type { SeriesRef } from '#lib/model/metrics.ts';
import { type LabelMap, relabel } from './relabel.ts';
import { ScrapeError } from './scrape-error.ts';
import { withTargetLabels } from './target.ts';

/** A series as it is stored. Several texts of a body may lead to one. */
interface Stored {
  readonly ref: SeriesRef;
  /** Scrape in which it came last, of those that count for staleness. */
  seenIn: number;
}

/** What became of the text that a sample line begins with. */
export interface KnownText {
  /** undefined: metric relabelling drops it, or it is refused */
  readonly series: Stored | undefined;
  /** Why it cannot be stored at all. */
  readonly refusal?: { readonly reason: string; readonly message: string };
  /** Scrape in which the text came last. */
  seenIn: number;
  /** The exemplar that came last, as text. */
  exemplar?: string;
}

const PLAIN_METRIC = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const PLAIN_LABEL = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/**
 * What a target's lines stand for, kept from scrape to scrape, so that labels are parsed and relabelled once; and which
 * series the last scrape had, so that those that vanish are told.
 */
export class SeriesCache {
  readonly #config: ScrapeConfig;
  readonly #target: Labels;
  readonly #texts = new Map<string, KnownText>();
  readonly #stored = new Map<string, Stored>();
  #scrape = 1;
  #seenTexts = 0;
  #current: Stored[] = [];
  #previous: Stored[] = [];
  /** Pairs by name and value: series share most of theirs. */
  #pairs = new Map<string, Map<string, Label>>();

  /** @param before cache of the same target under an earlier configuration */
  constructor(config: ScrapeConfig, target: Labels, before?: SeriesCache) {
    this.#config = config;
    this.#target = target;
    for (const { ref } of before === undefined ? [] : before.#previous) {
      const stored = { ref, seenIn: 0 };
      this.#stored.set(ref.key, stored);
      this.#previous.push(stored);
    }
  }

  /**
   * @param text `name{label="value"}`
   * @returns `isRepeated` when this scrape had the text already
   */
  look(text: string): { readonly known: KnownText; readonly isNew: boolean; readonly isRepeated: boolean } {
    let known = this.#texts.get(text);
    const isNew = known === undefined;
    known ??= this.#learn(text);
    const isRepeated = known.seenIn === this.#scrape;
    if (!isRepeated) this.#seenTexts++;
    known.seenIn = this.#scrape;
    return { known, isNew, isRepeated };
  }

  /** The series came in this scrape; when a later one is without it, it is stale. */
  track(series: Stored): void {
    if (series.seenIn === this.#scrape) return;
    series.seenIn = this.#scrape;
    this.#current.push(series);
  }

  /** Ends a scrape that worked. @returns series of the one before that it did not have */
  finish(): SeriesRef[] {
    const stale = this.#previous.filter(({ seenIn }) => seenIn !== this.#scrape).map(({ ref }) => ref);
    // Texts that did not come are forgotten, or a target whose labels change would fill the memory.
    if (this.#seenTexts > 0 && this.#texts.size > this.#seenTexts)
      for (const [text, { seenIn }] of this.#texts) if (seenIn !== this.#scrape) this.#texts.delete(text);
    this.#turn(this.#current);
    return stale;
  }

  /** Ends a scrape that failed: all series of the one before are stale. */
  fail(): SeriesRef[] {
    const stale = this.live();
    for (const series of this.#current) series.seenIn = 0;
    if (this.#texts.size > 2 * this.#stored.size + 1000) this.#texts.clear();
    this.#turn([]);
    return stale;
  }

  #turn(previous: Stored[]): void {
    this.#previous = previous;
    this.#current = [];
    this.#scrape++;
    this.#seenTexts = 0;
    if (this.#stored.size > 2 * this.#texts.size + 1000) {
      const needed = new Set<Stored | undefined>(previous);
      for (const { series } of this.#texts.values()) needed.add(series);
      for (const [key, series] of this.#stored) if (!needed.has(series)) this.#stored.delete(key);
      this.#pairs = new Map();
    }
  }

  /** Series that the last scrape had. */
  live(): SeriesRef[] {
    return this.#previous.map(({ ref }) => ref);
  }

  /** Whether the last scrape had the series. */
  holds(key: string): boolean {
    const stored = this.#stored.get(key);
    return stored !== undefined && stored.seenIn === this.#scrape - 1;
  }

  #learn(piece: string): KnownText {
    // A piece of the body would keep the whole body in memory.
    const text = Buffer.from(piece).toString();
    const own = parseSeriesText(text, true);
    const labels = withTargetLabels(own, this.#target, this.#config.honorLabels);
    const isKept = relabel(labels, this.#config.metricRelabel) && labels.size > 0;
    const known = this.#known(isKept ? this.#sorted(labels) : []);
    this.#texts.set(text, known);
    return known;
  }

  #sorted(labels: LabelMap): Labels {
    const pairs: Label[] = [];
    for (const [name, value] of labels) pairs.push(this.#pair(name, value));
    return pairs.sort(([a], [b]) => (a < b ? -1 : 1));
  }

  #pair(name: string, value: string): Label {
    const ofName = this.#pairs.get(name) ?? new Map<string, Label>();
    if (ofName.size === 0) this.#pairs.set(name, ofName);
    const pair = ofName.get(value) ?? [name, value];
    ofName.set(value, pair);
    return pair;
  }

  #known(labels: Labels): KnownText {
    if (labels.length === 0) return { series: undefined, seenIn: 0 };
    const problem = labelProblem(labels);
    if (problem?.reason === 'no-metric-name') throw new ScrapeError(problem.message);
    if (problem !== undefined) return { series: undefined, refusal: problem, seenIn: 0 };
    return { series: this.#store(labels), seenIn: 0 };
  }

  #store(labels: Labels): Stored {
    const key = labelsKey(labels);
    const before = this.#stored.get(key);
    if (before !== undefined) return before;
    const problem = this.#problem(labels);
    if (problem !== undefined) throw new ScrapeError(problem);
    const stored = { ref: { labels, key, handle: -1 }, seenIn: 0 };
    this.#stored.set(key, stored);
    return stored;
  }

  /** Which of the configured limits a label set breaks. */
  #problem(labels: Labels): string | undefined {
    const { limits, legacyNames } = this.#config;
    const breaks = (limit: string, bound: number, what: string) =>
      `${limit} of ${bound} exceeded: ${describeSeries(labels)} has ${what}`;
    if (limits.labels > 0 && labels.length > limits.labels)
      return breaks('label_limit', limits.labels, `${labels.length} labels`);
    for (const [name, value] of labels) {
      if (limits.labelNameLength > 0 && Buffer.byteLength(name) > limits.labelNameLength)
        return breaks('label_name_length_limit', limits.labelNameLength, 'a label with a longer name');
      if (limits.labelValueLength > 0 && Buffer.byteLength(value) > limits.labelValueLength)
        return breaks('label_value_length_limit', limits.labelValueLength, `a longer value of '${name}'`);
      if (legacyNames && !isPlain([name, value]))
        return `${describeSeries(labels)} has a name that metric_name_validation_scheme 'legacy' does not allow`;
    }
    return undefined;
  }
}

function isPlain([name, value]: Label): boolean {
  return name === METRIC_NAME ? PLAIN_METRIC.test(value) : PLAIN_LABEL.test(name);
}
