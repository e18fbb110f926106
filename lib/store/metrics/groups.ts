import type { Labels } from '#lib/model/labels.ts';
import { GROUP_SIZE, groupOf, indexOf, seriesId } from './series-id.ts';

/** What is known in memory of a group, whether or not any of its series is active. */
export interface Group {
  readonly id: number;
  readonly metric: string;
  /** Slot of the registry by place in the group; -1 where the series is not active. */
  readonly slots: number[];
  /** How many of the slots are given. */
  active: number;
  /** Times of the samples of its series that are not active, ms; `first` after `last` when there are none. */
  first: number;
  last: number;
}

const NONE: readonly Group[] = [];

/** All groups of series: the active ones' members, of the others only when they had samples. */
export class Groups {
  private readonly byId = new Map<number, Group>();
  private readonly byMetric = new Map<string, Group[]>();
  /** The group of each metric that takes its next series. */
  private readonly open = new Map<string, Group>();
  private nextId = 1;

  get size(): number {
    return this.byId.size;
  }

  get(id: number): Group | undefined {
    return this.byId.get(id);
  }

  slot(id: number): number {
    return this.byId.get(groupOf(id))?.slots[indexOf(id)] ?? -1;
  }

  all(): IterableIterator<Group> {
    return this.byId.values();
  }

  metrics(): IterableIterator<string> {
    return this.byMetric.keys();
  }

  ofMetric(metric: string): readonly Group[] {
    return this.byMetric.get(metric) ?? NONE;
  }

  /** Takes in a group that has been stored before. */
  restore(id: number, metric: string): Group {
    const known = this.byId.get(id);
    if (known !== undefined) return known;
    const group: Group = {
      id,
      metric,
      slots: [],
      active: 0,
      first: Number.POSITIVE_INFINITY,
      last: Number.NEGATIVE_INFINITY,
    };
    this.byId.set(id, group);
    const list = this.byMetric.get(metric);
    if (list === undefined) this.byMetric.set(metric, [group]);
    else list.push(group);
    if (id >= this.nextId) this.nextId = id + 1;
    return group;
  }

  /** The id of a metric's next new series. */
  nextPlace(metric: string): number {
    let group = this.open.get(metric);
    if (group === undefined || group.slots.length >= GROUP_SIZE) {
      group = this.restore(this.nextId, metric);
      this.open.set(metric, group);
    }
    return seriesId(group.id, group.slots.length);
  }

  /** Gives a series its slot; its places before it are taken as used. */
  occupy(id: number, metric: string, slot: number): void {
    const group = this.restore(groupOf(id), metric);
    const index = indexOf(id);
    while (group.slots.length <= index) group.slots.push(-1);
    group.slots[index] = slot;
    group.active++;
  }

  /** The series has no slot any more; its samples rest. */
  vacate(id: number, oldest: number, newest: number): void {
    const group = this.byId.get(groupOf(id));
    const index = indexOf(id);
    if (group === undefined || (group.slots[index] ?? -1) < 0) return;
    group.slots[index] = -1;
    group.active--;
    group.first = Math.min(group.first, oldest);
    group.last = Math.max(group.last, newest);
  }

  /** The next series of the metric may go on filling this group, all of whose members are known. */
  reopen(group: Group): void {
    if (group.slots.length < GROUP_SIZE) this.open.set(group.metric, group);
  }

  /** Forgets a group of which nothing rests, unless a series of it is active. */
  drop(id: number): void {
    const group = this.byId.get(id);
    if (group === undefined) return;
    if (group.active > 0) {
      group.first = Number.POSITIVE_INFINITY;
      group.last = Number.NEGATIVE_INFINITY;
      return;
    }
    this.byId.delete(id);
    if (this.open.get(group.metric) === group) this.open.delete(group.metric);
    const rest = this.ofMetric(group.metric).filter((other) => other !== group);
    if (rest.length > 0) this.byMetric.set(group.metric, rest);
    else this.byMetric.delete(group.metric);
  }
}

export const metricOf = (labels: Labels): string => {
  for (const label of labels) if (label[0] === '__name__') return label[1];
  return '';
};
