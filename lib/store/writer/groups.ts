import { type Labels, labelValue, METRIC_NAME } from '#lib/model/labels.ts';
import { packLabels, unpackLabels } from '../codec/group-labels.ts';
import { type GroupTimes, noTimes, packTimes, timesOfAll, unpackTimes } from '../codec/group-times.ts';
import type { Database } from '../database.ts';
import { GROUP_SIZE } from '../metrics/series-id.ts';
import { columnTime } from '../resting.ts';
import { neighbourOrder } from './neighbour-order.ts';
import type { Turns } from './turns.ts';

/** Groups that are remembered: 64 series and about a kilobyte each. */
const REMEMBERED = 20_000;
const READ_AT_ONCE = 100;
const WRITTEN_AT_ONCE = 32;

/** What writing a group's rows needs to know of it. */
export interface KnownGroup {
  readonly id: number;
  readonly times: GroupTimes;
  /** Places, alike ones together. */
  order: Uint8Array;
  /** Set when the row has to be written with them. */
  labels: Labels[] | undefined;
  /** Whether the row is behind. */
  changed: boolean;
}

/** The groups' rows, as the writer remembers them. */
export class Groups {
  private readonly db: Database;
  private readonly turns: Turns;
  /** Ascending by when they were asked for last. */
  private readonly known = new Map<number, KnownGroup>();

  constructor(db: Database, turns: Turns) {
    this.db = db;
    this.turns = turns;
  }

  /** @returns the groups of these numbers, those that no row names yet without series */
  async get(ids: readonly number[]): Promise<KnownGroup[]> {
    const missing = ids.filter((id) => !this.known.has(id));
    const read = new Map<number, KnownGroup>();
    for (let i = 0; i < missing.length; i += READ_AT_ONCE) {
      const part = missing.slice(i, i + READ_AT_ONCE);
      const rows = await this.turns.take(() =>
        this.db.seriesGroup.findMany({ where: { id: { in: part.map(BigInt) } } }),
      );
      for (const row of rows) read.set(Number(row.id), fromRow(row));
    }
    return ids.map((id) => {
      const group = this.known.get(id) ?? read.get(id) ?? emptyGroup(id);
      this.known.delete(id);
      this.known.set(id, group);
      return group;
    });
  }

  async one(id: number): Promise<KnownGroup> {
    const [group] = await this.get([id]);
    return group ?? emptyGroup(id);
  }

  /** Gives places of a group their series. */
  async define(
    group: KnownGroup,
    series: readonly (readonly [place: number, labels: Labels])[],
  ): Promise<void> {
    if (group.labels === undefined) {
      const row = await this.turns.take(() =>
        this.db.seriesGroup.findUnique({ where: { id: BigInt(group.id) }, select: { labels: true } }),
      );
      group.labels = row === null ? [] : unpackLabels(row.labels);
    }
    for (const [place, labels] of series) {
      while (group.labels.length < place) group.labels.push([]);
      group.labels[place] = labels;
    }
    group.order = orderOf(group.labels);
    group.changed = true;
  }

  /** Writes the rows of groups that changed. */
  async write(groups: readonly KnownGroup[]): Promise<void> {
    const changed = groups.filter((group) => group.changed);
    for (let i = 0; i < changed.length; i += WRITTEN_AT_ONCE) {
      const part = changed.slice(i, i + WRITTEN_AT_ONCE);
      await this.turns.take(() => this.writePart(part));
    }
    while (this.known.size > REMEMBERED) {
      const [oldest] = this.known.keys();
      if (oldest !== undefined) this.known.delete(oldest);
    }
  }

  forget(ids: readonly number[]): void {
    for (const id of ids) this.known.delete(id);
  }

  private async writePart(groups: readonly KnownGroup[]): Promise<void> {
    const { db } = this;
    const whole = groups.filter((group) => group.labels !== undefined);
    await db.$transaction([
      db.seriesGroup.deleteMany({ where: { id: { in: whole.map(({ id }) => BigInt(id)) } } }),
      db.seriesGroup.createMany({
        data: whole.map(({ id, times, labels = [] }) => groupRow(id, labels, times)),
      }),
      ...groups
        .filter((group) => group.labels === undefined)
        .map(({ id, times }) =>
          db.seriesGroup.updateMany({ where: { id: BigInt(id) }, data: timesRow(times) }),
        ),
    ]);
    for (const group of groups) {
      group.labels = undefined;
      group.changed = false;
    }
  }
}

/** A group's row, all of it made from its label sets and times. */
export function groupRow(id: number, labels: readonly Labels[], times: GroupTimes) {
  return {
    id: BigInt(id),
    metric: JSON.stringify(labelValue(labels.find((set) => set.length > 0) ?? [], METRIC_NAME)),
    labels: packLabels(labels),
    ...timesRow(times),
  };
}

/** All places, those without a series last. */
function orderOf(labels: readonly Labels[]): Uint8Array {
  const named = neighbourOrder(labels);
  const order = Uint8Array.from({ length: GROUP_SIZE }, (_, place) => place);
  order.set(named);
  return order;
}

function fromRow(row: {
  readonly id: bigint;
  readonly labels: Uint8Array;
  readonly times: Uint8Array;
}): KnownGroup {
  const times = noTimes(GROUP_SIZE);
  const { first, last } = unpackTimes(row.times);
  times.first.set(first.subarray(0, GROUP_SIZE));
  times.last.set(last.subarray(0, GROUP_SIZE));
  return {
    id: Number(row.id),
    times,
    order: orderOf(unpackLabels(row.labels)),
    labels: undefined,
    changed: false,
  };
}

const emptyGroup = (id: number): KnownGroup => ({
  id,
  times: noTimes(GROUP_SIZE),
  order: orderOf([]),
  labels: undefined,
  changed: false,
});

function timesRow(times: GroupTimes) {
  const all = timesOfAll(times);
  return { times: packTimes(times), first: columnTime(all?.from ?? 0), last: columnTime(all?.to ?? 0) };
}
