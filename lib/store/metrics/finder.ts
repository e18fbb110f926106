import { type Labels, labelsKey, METRIC_NAME } from '#lib/model/labels.ts';
import type { Matcher } from '#lib/model/metrics.ts';
import type { TimeRange } from '#lib/model/time-range.ts';
import { timesAt } from '../codec/group-times.ts';
import { SliceOfTime } from '../slice-of-time.ts';
import type { StoreState } from '../state.ts';
import type { Catalog } from './catalog.ts';
import type { Group } from './groups.ts';
import { type CompiledMatcher, compileMatcher, matchesAll } from './matcher.ts';
import { seriesId } from './series-id.ts';

/** A series by its labels: one that came back after a rest has more than one id. */
export interface FoundSeries {
  readonly labels: Labels;
  readonly ids: number[];
  /** The ids that are active have slots, too. */
  readonly slots: number[];
}

/** Finds series by matchers among the active ones and those that rest. */
export class SeriesFinder {
  private readonly state: StoreState;
  private readonly catalog: Catalog;

  constructor(state: StoreState, catalog: Catalog) {
    this.state = state;
    this.catalog = catalog;
  }

  /** Series that satisfy all matchers and may have samples in the range. */
  async find(
    matchers: readonly Matcher[],
    range: TimeRange,
    signal?: AbortSignal,
  ): Promise<readonly FoundSeries[]> {
    const found: FoundSeries[] = [];
    const isJoined = await this.visit(
      matchers,
      range,
      (labels, id, slot) => {
        found.push({ labels, ids: [id], slots: slot < 0 ? [] : [slot] });
      },
      signal,
    );
    return isJoined ? found : await joined(found);
  }

  /**
   * Calls `visit` for them instead, with the slot -1 for those that rest: one that came back after a rest comes again.
   * @returns whether none did
   */
  async visit(
    matchers: readonly Matcher[],
    range: TimeRange,
    visit: (labels: Labels, id: number, slot: number) => void,
    signal?: AbortSignal,
  ): Promise<boolean> {
    const compiled = matchers.map(compileMatcher);
    const { registry } = this.state;
    const groups = restingGroups(registry.groups, compiled, range);
    // An active series may come to rest while the catalog is read: it is not to be found twice.
    const active = new Set<number>();
    const slice = new SliceOfTime();
    await registry.postings.prepare(compiled);
    for (const slot of registry.select(compiled, range.from, range.to)) {
      if (slot >= 0) {
        const id = registry.id(slot);
        if (groups.length > 0) active.add(id);
        visit(registry.labels(slot), id, slot);
      }
      if (slice.over()) {
        await slice.next();
        signal?.throwIfAborted();
      }
    }
    if (groups.length === 0) return registry.distinct;
    await this.catalog.members(
      groups.map(({ id }) => id),
      (group, { labels, times }) => {
        for (let place = 0; place < labels.length; place++) {
          const set = labels[place] as Labels;
          if (set.length === 0) continue;
          const id = seriesId(group, place);
          if (registry.slot(id) >= 0 || active.has(id)) continue;
          const lived = timesAt(times, place);
          if (lived === undefined || lived.to < range.from || lived.from > range.to) continue;
          if (matchesAll(set, compiled)) visit(set, id, -1);
        }
      },
      signal,
    );
    return false;
  }
}

function restingGroups(
  groups: StoreState['registry']['groups'],
  matchers: readonly CompiledMatcher[],
  { from, to }: TimeRange,
): Group[] {
  const ofMetric = matchers.filter(({ name }) => name === METRIC_NAME);
  const exact = ofMetric.find(({ equals }) => equals !== undefined)?.equals;
  const metrics = exact === undefined ? groups.metrics() : [exact];
  const found: Group[] = [];
  for (const metric of metrics) {
    if (!ofMetric.every((matcher) => matcher.test(metric))) continue;
    for (const group of groups.ofMetric(metric))
      if (group.first <= to && group.last >= from) found.push(group);
  }
  return found;
}

/** Makes one of those that have the same labels. */
async function joined(found: readonly FoundSeries[]): Promise<FoundSeries[]> {
  const byKey = new Map<string, FoundSeries>();
  const slice = new SliceOfTime();
  for (const series of found) {
    const key = labelsKey(series.labels);
    const known = byKey.get(key);
    if (known === undefined) byKey.set(key, series);
    else {
      known.ids.push(...series.ids);
      known.slots.push(...series.slots);
    }
    if (slice.over()) await slice.next();
  }
  return [...byKey.values()];
}
