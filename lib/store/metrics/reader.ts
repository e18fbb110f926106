import type { SeriesExemplars } from '#lib/model/exemplar.ts';
import type { Labels } from '#lib/model/labels.ts';
import type { Matcher, MetricMetadata, SeriesData } from '#lib/model/metrics.ts';
import type { TimeRange } from '#lib/model/time-range.ts';
import type { Database } from '../database.ts';
import type { StoreState } from '../state.ts';
import type { Cardinality, MetricReader } from '../store.ts';
import { readChunks } from './chunk-reader.ts';
import { compileMatcher } from './matcher.ts';
import { type Columns, joinColumns } from './sample-arena.ts';

export class StoredMetricReader implements MetricReader {
  private readonly db: Database;
  private readonly state: StoreState;

  constructor(db: Database, state: StoreState) {
    this.db = db;
    this.state = state;
  }

  async select(matchers: readonly Matcher[], range: TimeRange): Promise<SeriesData[]> {
    const slots = this.slots(matchers, range);
    const { registry } = this.state;
    const { heads } = this.state.view();
    const resting = await readChunks(
      this.db,
      slots.map((slot) => registry.id(slot)),
      range,
    );
    const found: SeriesData[] = [];
    for (const slot of slots) {
      const atRest = resting.get(registry.id(slot));
      const parts: Columns[] = atRest === undefined ? [] : [atRest];
      for (const head of heads) {
        const part = head.samples.read(slot, range.from, range.to);
        if (part !== undefined) parts.push(part);
      }
      const columns = joinColumns(parts);
      if (columns !== undefined) found.push({ labels: registry.labels(slot), ...columns });
    }
    return found;
  }

  async exemplars(): Promise<SeriesExemplars[]> {
    return [];
  }

  async cardinality(): Promise<Cardinality> {
    return {
      series: this.state.registry.size,
      labelPairs: 0,
      chunks: 0,
      oldest: undefined,
      newest: undefined,
      seriesByMetric: [],
      valuesByLabel: [],
      bytesByLabel: [],
      seriesByPair: [],
      born: [],
      ended: [],
    };
  }

  async series(matchers: readonly Matcher[], range: TimeRange): Promise<Labels[]> {
    return this.slots(matchers, range).map((slot) => this.state.registry.labels(slot));
  }

  async labelNames(matchers: readonly Matcher[], range: TimeRange): Promise<string[]> {
    const names = new Set<string>();
    for (const labels of await this.series(matchers, range)) for (const [name] of labels) names.add(name);
    return [...names].sort();
  }

  async labelValues(name: string, matchers: readonly Matcher[], range: TimeRange): Promise<string[]> {
    const values = new Set<string>();
    for (const labels of await this.series(matchers, range))
      for (const label of labels) if (label[0] === name) values.add(label[1]);
    return [...values].sort();
  }

  async metadata(metric?: string): Promise<MetricMetadata[]> {
    if (metric === undefined) return [...this.state.metadata.values()];
    const one = this.state.metadata.get(metric);
    return one === undefined ? [] : [one];
  }

  private slots(matchers: readonly Matcher[], range: TimeRange): number[] {
    return this.state.registry.select(matchers.map(compileMatcher), range.from, range.to);
  }
}
