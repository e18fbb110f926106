import { type Labels, labelsKey, labelValue, METRIC_NAME } from '#lib/model/labels.ts';
import type { SeriesRef } from '#lib/model/metrics.ts';
import { SliceOfTime } from '../slice-of-time.ts';
import { Groups } from './groups.ts';
import { type CompiledMatcher, matchesAll } from './matcher.ts';
import { Postings } from './postings.ts';
import { groupOf } from './series-id.ts';

/** A series that has not been heard of for this long is no longer active. */
export const IDLE_MS = 3 * 3_600_000;
/** Slots looked at in a row, some microseconds each. */
const RESTS_AFTER = 256;

const grown = (column: Float64Array, size: number, fill: number): Float64Array => {
  const wider = new Float64Array(new SharedArrayBuffer(size * 8));
  wider.set(column);
  wider.fill(fill, column.length);
  return wider;
};

/** The active series: the dense slot of each, its id, and which slots carry which label. */
export class SeriesRegistry {
  readonly groups = new Groups();
  readonly postings = new Postings();
  /** New series are refused beyond this many. */
  maxSeries = Number.POSITIVE_INFINITY;
  /** ms since the epoch, set with each batch: when the series resolved next were heard of. */
  clock = 0;
  /** Series id by slot, -1 where the slot is free. In shared memory. */
  ids = grown(new Float64Array(0), 1024, -1);
  private readonly keys: (string | undefined)[] = [];
  private readonly labelSets: Labels[] = [];
  private readonly slotOfKey = new Map<string, number>();
  private readonly free: number[] = [];
  /** Slots freed last: questions under way may still read heads by them. */
  private cooling: number[] = [];
  /** Slots given since the last compaction order. */
  private fresh: number[] = [];
  /** Slots that some durable row names; others are named again in every batch until one is durable. */
  private durable = new Uint8Array(1024);
  /** Time of the oldest and newest sample ever seen, and when the series was last heard of; by slot. */
  private oldest = grown(new Float64Array(0), 1024, Number.POSITIVE_INFINITY);
  private newest = grown(new Float64Array(0), 1024, Number.NEGATIVE_INFINITY);
  private heard = grown(new Float64Array(0), 1024, 0);

  /** Slots that were ever given: all are below this. */
  get slots(): number {
    return this.keys.length;
  }

  /** Active series. */
  get size(): number {
    return this.keys.length - this.free.length - this.cooling.length;
  }

  /** Whether no two active series have the same labels, as one does that came back under a new id. */
  get distinct(): boolean {
    return this.slotOfKey.size === this.size;
  }

  /** The slot of a series, given now if it is new; -1 when there are too many. */
  resolve(ref: SeriesRef): number {
    let slot = ref.handle;
    // A ref may carry a handle of another store, or of a series that was idle since: the key tells.
    if (slot < 0 || this.keys[slot] !== ref.key) {
      const known = this.slotOfKey.get(ref.key);
      if (known !== undefined) slot = known;
      else {
        if (this.size >= this.maxSeries) return -1;
        slot = this.add(this.groups.nextPlace(labelValue(ref.labels, METRIC_NAME)), ref.labels, ref.key);
        this.fresh.push(slot);
      }
      ref.handle = slot;
      ref.labels = this.labels(slot);
      ref.key = this.key(slot);
    }
    this.heard[slot] = this.clock;
    return slot;
  }

  /**
   * Takes in a series that was stored before, under the id it was stored with.
   * @param rests whether its group's row names it already
   */
  restore(id: number, labels: Labels, rests: boolean, key = labelsKey(labels)): number {
    let slot = this.groups.slot(id);
    if (slot < 0) {
      slot = this.add(id, labels, key);
      if (!rests) this.fresh.push(slot);
    }
    this.durable[slot] = 1;
    this.heard[slot] = this.clock;
    return slot;
  }

  /** -1 when the series is not active. */
  slot(id: number): number {
    return this.groups.slot(id);
  }

  id(slot: number): number {
    return this.ids[slot] ?? -1;
  }

  labels(slot: number): Labels {
    return this.labelSets[slot] ?? [];
  }

  key(slot: number): string {
    return this.keys[slot] ?? '';
  }

  isActive(slot: number): boolean {
    return this.keys[slot] !== undefined;
  }

  isDurable(slot: number): boolean {
    return this.durable[slot] === 1;
  }

  markDurable(id: number): void {
    const slot = this.slot(id);
    if (slot >= 0) this.durable[slot] = 1;
  }

  times(slot: number): { readonly oldest: number; readonly newest: number } {
    return {
      oldest: this.oldest[slot] ?? Number.POSITIVE_INFINITY,
      newest: this.newest[slot] ?? Number.NEGATIVE_INFINITY,
    };
  }

  sawTimes(slot: number, oldest: number, newest: number): void {
    if (oldest < (this.oldest[slot] as number)) this.oldest[slot] = oldest;
    if (newest > (this.newest[slot] as number)) this.newest[slot] = newest;
  }

  /** A slot has no samples from `from` to `to` any more. */
  forgetTimes(slot: number, from: number, to: number): void {
    const { oldest, newest } = this.times(slot);
    if (from <= oldest && to >= newest) {
      this.oldest[slot] = Number.POSITIVE_INFINITY;
      this.newest[slot] = Number.NEGATIVE_INFINITY;
    } else if (from <= oldest && to >= oldest) this.oldest[slot] = to + 1;
    else if (to >= newest && from <= newest) this.newest[slot] = from - 1;
  }

  /** Slots of series that were new since this was last asked: the next compaction writes them into their groups' rows. */
  takeFresh(): number[] {
    const { fresh } = this;
    this.fresh = [];
    return fresh;
  }

  /**
   * Slots that satisfy all matchers and may have samples in the range, ascending; each as it stands when it is given,
   * as time may pass between two. Now and then comes -1, so that a long search can be let rest.
   */
  *select(matchers: readonly CompiledMatcher[], from: number, to: number): Generator<number> {
    const candidates = this.postings.candidates(matchers);
    const count = candidates?.length ?? this.slots;
    for (let i = 0; i < count; i++) {
      if (i % RESTS_AFTER === RESTS_AFTER - 1) yield -1;
      const slot = candidates === undefined ? i : (candidates[i] as number);
      if (!((this.newest[slot] as number) >= from && (this.oldest[slot] as number) <= to)) continue;
      if (this.isActive(slot) && matchesAll(this.labels(slot), matchers)) yield slot;
    }
  }

  /**
   * Forgets series not heard of since `before`; to be called again only when that is done.
   * @param held whether a head still has samples of a slot
   * @param vacated told at once of the group that one belongs to
   */
  async evict(
    before: number,
    held: (slot: number) => boolean,
    vacated: (group: number) => void,
  ): Promise<void> {
    for (const slot of this.cooling) this.free.push(slot);
    this.cooling = [];
    const gone = new Set<number>();
    const fresh = new Set(this.fresh);
    const slice = new SliceOfTime();
    for (let slot = 0; slot < this.slots; slot++) {
      if (slice.over()) await slice.next();
      const key = this.keys[slot];
      if (key === undefined || (this.heard[slot] as number) >= before || fresh.has(slot) || held(slot))
        continue;
      gone.add(slot);
      this.cooling.push(slot);
      this.postings.remove(this.labels(slot));
      this.groups.vacate(this.id(slot), this.oldest[slot] as number, this.newest[slot] as number);
      vacated(groupOf(this.id(slot)));
      if (this.slotOfKey.get(key) === slot) this.slotOfKey.delete(key);
      this.keys[slot] = undefined;
      this.labelSets[slot] = [];
      this.ids[slot] = -1;
      this.durable[slot] = 0;
      this.oldest[slot] = Number.POSITIVE_INFINITY;
      this.newest[slot] = Number.NEGATIVE_INFINITY;
    }
    await this.postings.sweep((slot) => gone.has(slot));
  }

  private add(id: number, labels: Labels, key: string): number {
    const slot = this.free.pop() ?? this.keys.length;
    if (slot >= this.durable.length) this.grow(slot * 2);
    this.keys[slot] = key;
    this.labelSets[slot] = this.postings.add(labels, slot);
    this.ids[slot] = id;
    this.heard[slot] = this.clock;
    this.slotOfKey.set(key, slot);
    this.groups.occupy(id, labelValue(labels, METRIC_NAME), slot);
    return slot;
  }

  private grow(size: number): void {
    const durable = new Uint8Array(size);
    durable.set(this.durable);
    this.durable = durable;
    this.ids = grown(this.ids, size, -1);
    this.oldest = grown(this.oldest, size, Number.POSITIVE_INFINITY);
    this.newest = grown(this.newest, size, Number.NEGATIVE_INFINITY);
    this.heard = grown(this.heard, size, 0);
  }
}
