import type { SeriesExemplars } from '#lib/model/exemplar.ts';
import { Fault } from '#lib/model/fault.ts';
import { type Labels, labelsKey } from '#lib/model/labels.ts';
import type { Matcher, MetricMetadata, SeriesData } from '#lib/model/metrics.ts';
import type { TimeRange } from '#lib/model/time-range.ts';
import type { Database } from '../database.ts';
import { DAY_BLOCK_MS } from '../resting.ts';
import { SliceOfTime } from '../slice-of-time.ts';
import type { StoreState } from '../state.ts';
import type { Cardinality, MetricReader, SelectOptions } from '../store.ts';
import type { GroupChanges } from '../writer/messages.ts';
import { BlockReader } from './block-reader.ts';
import { readCardinality } from './cardinality.ts';
import { Catalog } from './catalog.ts';
import { type Columns, firstFrom } from './columns.ts';
import { readExemplars } from './exemplar-reader.ts';
import { type FoundSeries, SeriesFinder } from './finder.ts';
import { readRollups } from './rollup-reader.ts';
import { groupOf, indexOf, seriesId } from './series-id.ts';
import { SharedTimes } from './shared-times.ts';
import { sortTexts } from './sort-texts.ts';

export interface ReaderOptions {
  readonly db: Database;
  readonly state: StoreState;
  /** Rollups are of days that ended by then, ms since the epoch. */
  readonly rollupsEnd: () => number;
}

/** A stretch of a series' samples; of two with the same time that of the lower `seq` stays. */
interface Part {
  readonly seq: number;
  readonly columns: Columns;
}

export class StoredMetricReader implements MetricReader {
  private readonly options: ReaderOptions;
  private readonly catalog: Catalog;
  private readonly blocks: BlockReader;
  private readonly finder: SeriesFinder;

  constructor(options: ReaderOptions) {
    this.options = options;
    this.catalog = new Catalog(options.db);
    this.blocks = new BlockReader(options.db);
    this.finder = new SeriesFinder(options.state, this.catalog);
  }

  async select(
    matchers: readonly Matcher[],
    range: TimeRange,
    options: SelectOptions = {},
  ): Promise<SeriesData[]> {
    const { signal } = options;
    signal?.throwIfAborted();
    // First, so that what comes to rest meanwhile is still in one of them.
    const { heads } = this.options.state.view();
    const found = await this.finder.find(matchers, range, signal);
    const parts = await this.restingParts(found, range, options);
    // After the samples: a day that is rolled up meanwhile may be seen twice, but never not at all.
    const rollups =
      range.from < this.options.rollupsEnd() ? await this.rollups(found, range, options) : undefined;
    const times = new SharedTimes(range);
    const answer: SeriesData[] = [];
    const slice = new SliceOfTime();
    let samples = 0;
    for (const [i, { labels, ids, slots }] of found.entries()) {
      const own: Columns[] = [];
      for (const id of ids) {
        const rollup = rollups?.get(id);
        if (rollup !== undefined) own.push(times.share(clipBefore(rollup, oldest(parts[i] ?? []))));
      }
      for (const { columns } of inOrder(parts[i] ?? [])) {
        const clipped = times.clip(columns);
        if (clipped !== undefined) own.push(clipped);
      }
      for (const head of heads)
        for (const slot of slots) {
          const columns = head.read(slot, range.from, range.to);
          if (columns !== undefined) own.push(times.share(columns));
        }
      const columns = times.join(own);
      if (columns !== undefined) {
        const { timestamps, values, histograms } = columns;
        answer.push({ labels, timestamps, values, ...(histograms && { histograms }) });
        samples += timestamps.length;
        guard(samples, options.maxSamples);
      }
      if (slice.over()) {
        await slice.next();
        signal?.throwIfAborted();
      }
    }
    return answer;
  }

  /**
   * Reads some of the newest samples: the first questions after a start find the code compiled.
   * @param enough how many samples
   */
  async warmUp(enough: number): Promise<void> {
    const { registry } = this.options.state;
    let newest = Number.NEGATIVE_INFINITY;
    for (let slot = 0; slot < registry.slots; slot++) newest = Math.max(newest, registry.times(slot).newest);
    const range = { from: newest - DAY_BLOCK_MS, to: newest };
    let read = 0;
    for (const { id, slots } of registry.groups.all()) {
      if (read >= enough) return;
      const wanted = new Map([[id, new Map(slots.entries())]]);
      const blocks = await this.blocks.read({ wanted, range, held: () => undefined });
      for (const { series } of blocks) for (const { values } of series) read += values.length;
    }
  }

  exemplars(matcherSets: readonly (readonly Matcher[])[], range: TimeRange): Promise<SeriesExemplars[]> {
    const { db, state } = this.options;
    return readExemplars(db, state.view(), () => this.findAny(matcherSets, range), range);
  }

  cardinality(range?: TimeRange): Promise<Cardinality> {
    return readCardinality(this.options.db, this.options.state, this.catalog, range);
  }

  async series(matchers: readonly Matcher[], range: TimeRange): Promise<Labels[]> {
    return (await this.finder.find(matchers, range)).map(({ labels }) => labels);
  }

  async labelNames(matchers: readonly Matcher[], range: TimeRange): Promise<string[]> {
    const names = new Set<string>();
    await this.finder.visit(matchers, range, (labels) => {
      for (const [name] of labels) names.add(name);
    });
    return [...names].sort();
  }

  async labelValues(name: string, matchers: readonly Matcher[], range: TimeRange): Promise<string[]> {
    const values = new Set<string>();
    await this.finder.visit(matchers, range, (labels) => {
      for (const label of labels) if (label[0] === name) values.add(label[1]);
    });
    return sortTexts(values);
  }

  async metadata(metric?: string): Promise<MetricMetadata[]> {
    if (metric === undefined) return [...this.options.state.metadata.values()];
    const one = this.options.state.metadata.get(metric);
    return one === undefined ? [] : [one];
  }

  /** Series that satisfy any of the matcher lists. */
  async findAny(
    matcherSets: readonly (readonly Matcher[])[],
    range: TimeRange,
  ): Promise<readonly FoundSeries[]> {
    const found = new Map<string, FoundSeries>();
    for (const matchers of matcherSets)
      for (const series of await this.finder.find(matchers, range))
        found.set(labelsKey(series.labels), series);
    return [...found.values()];
  }

  /** Resting rows of these groups are not what they were. */
  forget({ changed, dropped }: GroupChanges): void {
    const groups = new Set([...changed, ...dropped]);
    this.catalog.forget(groups);
    this.blocks.forget(groups);
  }

  /** Label sets of this group are to be read anew: some of its series are not active any more. */
  forgetMembers(group: number): void {
    this.catalog.forget([group]);
  }

  /** Resting samples by place in `found`. */
  private async restingParts(
    found: readonly FoundSeries[],
    range: TimeRange,
    { signal, maxSamples }: SelectOptions,
  ): Promise<Part[][]> {
    const parts: Part[][] = found.map(() => []);
    if (range.from > range.to) return parts;
    const wanted = new Map<number, Map<number, number>>();
    const slice = new SliceOfTime();
    for (const [i, { ids }] of found.entries()) {
      for (const id of ids) {
        const places = wanted.get(groupOf(id));
        if (places === undefined) wanted.set(groupOf(id), new Map([[indexOf(id), i]]));
        else places.set(indexOf(id), i);
      }
      if (slice.over()) await slice.next();
    }
    const blocks = await this.blocks.read({
      wanted,
      range,
      signal,
      // Blocks reach out of the range: only far beyond the bound it is clear that the answer will.
      held: (samples) => guard(samples, maxSamples === undefined ? undefined : maxSamples * 2 + 1e6),
    });
    for (const { group, seq, series } of blocks) {
      const places = wanted.get(group);
      for (const columns of series) {
        const i = places?.get(columns.index);
        if (i !== undefined) parts[i]?.push({ seq, columns });
      }
      if (slice.over()) await slice.next();
    }
    return parts;
  }

  private rollups(
    found: readonly FoundSeries[],
    range: TimeRange,
    { hint }: SelectOptions,
  ): Promise<Map<number, Columns>> {
    const ids = new Set(found.flatMap((series) => series.ids));
    const groups = [...new Set([...ids].map(groupOf))];
    return readRollups(
      this.options.db,
      groups,
      (group, index) => ids.has(seriesId(group, index)),
      range,
      hint,
    );
  }
}

/** Samples never are older than rollups of their series. */
const oldest = (parts: readonly Part[]): number =>
  parts.reduce(
    (min, { columns }) => Math.min(min, columns.timestamps[0] ?? Number.POSITIVE_INFINITY),
    Number.POSITIVE_INFINITY,
  );

function clipBefore(columns: Columns, to: number): Columns {
  const end = firstFrom(columns.timestamps, to);
  return { timestamps: columns.timestamps.subarray(0, end), values: columns.values.subarray(0, end) };
}

/** Parts as they come, by time; where they overlap, those that were written first come first. */
function inOrder(parts: Part[]): Part[] {
  for (let i = 1; i < parts.length; i++) {
    const before = parts[i - 1]?.columns.timestamps.at(-1) ?? Number.NEGATIVE_INFINITY;
    const next = parts[i]?.columns.timestamps[0] ?? Number.POSITIVE_INFINITY;
    if (before >= next) return parts.sort((a, b) => a.seq - b.seq);
  }
  return parts;
}

function guard(samples: number, maxSamples: number | undefined): void {
  if (maxSamples !== undefined && samples > maxSamples)
    throw new Fault(
      422,
      'too-many-samples',
      `the selector takes more than the ${maxSamples} samples that a query may hold: narrow it by labels, or ask for less time`,
    );
}
