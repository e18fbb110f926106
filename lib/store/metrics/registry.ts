import { createHash } from 'node:crypto';
import type { Labels } from '#lib/model/labels.ts';
import type { SeriesRef } from '#lib/model/metrics.ts';
import { type CompiledMatcher, matchesAll } from './matcher.ts';

/** First candidate for a series' id: 53 bits of the label set's hash. */
function hashOf(key: string): number {
  const digest = createHash('sha1').update(key).digest();
  return digest.readUInt32LE(0) * 2 ** 21 + (digest.readUInt32LE(4) >>> 11);
}

/** Every series the store knows: its dense slot, its id, and which slots carry which label. */
export class SeriesRegistry {
  private readonly keys: string[] = [];
  private readonly labelSets: Labels[] = [];
  private readonly idOfSlot: number[] = [];
  private readonly slotOfKey = new Map<string, number>();
  private readonly slotOfId = new Map<number, number>();
  private readonly postings = new Map<string, Map<string, number[]>>();
  /** Slots that some durable row names; others are named again in every batch until one is durable. */
  private durable = new Uint8Array(1024);
  /** Time of the oldest and newest sample ever seen, by slot. */
  readonly oldest: number[] = [];
  readonly newest: number[] = [];

  get size(): number {
    return this.keys.length;
  }

  /** The slot of a series, given now if it is new. */
  resolve(ref: SeriesRef): number {
    // A ref may carry a handle of another store: the key tells.
    if (ref.handle >= 0 && this.keys[ref.handle] === ref.key) return ref.handle;
    ref.handle = this.slotOfKey.get(ref.key) ?? this.add(this.freeId(ref.key), ref.labels, ref.key);
    return ref.handle;
  }

  /** Takes in a series that was stored before, under the id it was stored with. */
  restore(id: number, labels: Labels, key: string): number {
    const slot = this.slotOfId.get(id) ?? this.add(id, labels, key);
    this.durable[slot] = 1;
    return slot;
  }

  slot(id: number): number | undefined {
    return this.slotOfId.get(id);
  }

  id(slot: number): number {
    return this.idOfSlot[slot] ?? -1;
  }

  labels(slot: number): Labels {
    return this.labelSets[slot] ?? [];
  }

  key(slot: number): string {
    return this.keys[slot] ?? '';
  }

  isDurable(slot: number): boolean {
    return this.durable[slot] === 1;
  }

  markDurable(id: number): void {
    const slot = this.slotOfId.get(id);
    if (slot !== undefined) this.durable[slot] = 1;
  }

  /** Series without a sample: all theirs were dropped by age. From now on they count as not durable. */
  forgetEmpty(): number[] {
    const ids: number[] = [];
    for (let slot = 0; slot < this.size; slot++)
      if (this.isDurable(slot) && this.newest[slot] === undefined) {
        this.durable[slot] = 0;
        ids.push(this.id(slot));
      }
    return ids;
  }

  sawTimes(slot: number, oldest: number, newest: number): void {
    if (!((this.oldest[slot] ?? Number.POSITIVE_INFINITY) <= oldest)) this.oldest[slot] = oldest;
    if (!((this.newest[slot] ?? Number.NEGATIVE_INFINITY) >= newest)) this.newest[slot] = newest;
  }

  /** Slots that satisfy all matchers and may have samples in the range, ascending. */
  select(matchers: readonly CompiledMatcher[], from: number, to: number): number[] {
    const candidates = this.candidates(matchers);
    const slots: number[] = [];
    const visit = (slot: number): void => {
      if ((this.newest[slot] ?? Number.NEGATIVE_INFINITY) < from) return;
      if ((this.oldest[slot] ?? Number.POSITIVE_INFINITY) > to) return;
      if (matchesAll(this.labels(slot), matchers)) slots.push(slot);
    };
    if (candidates === undefined) for (let slot = 0; slot < this.size; slot++) visit(slot);
    else for (const slot of candidates) visit(slot);
    return candidates === undefined ? slots : slots.sort((a, b) => a - b);
  }

  /** The smallest set of slots that one matcher narrows to; undefined when none narrows. */
  private candidates(matchers: readonly CompiledMatcher[]): number[] | undefined {
    let best: { size: number; lists: number[][] } | undefined;
    for (const matcher of matchers) {
      if (matcher.matchesAbsent) continue;
      const values = this.postings.get(matcher.name);
      const lists: number[][] = [];
      if (matcher.equals !== undefined) lists.push(values?.get(matcher.equals) ?? []);
      else for (const [value, list] of values ?? []) if (matcher.test(value)) lists.push(list);
      const size = lists.reduce((sum, list) => sum + list.length, 0);
      if (best === undefined || size < best.size) best = { size, lists };
    }
    return best?.lists.flat();
  }

  private freeId(key: string): number {
    let id = hashOf(key);
    while (this.slotOfId.has(id)) id = (id + 1) % 2 ** 53;
    return id;
  }

  private add(id: number, labels: Labels, key: string): number {
    const slot = this.keys.length;
    if (slot >= this.durable.length) {
      const grown = new Uint8Array(slot * 2);
      grown.set(this.durable);
      this.durable = grown;
    }
    this.keys.push(key);
    this.labelSets.push(labels);
    this.idOfSlot.push(id);
    this.slotOfKey.set(key, slot);
    this.slotOfId.set(id, slot);
    for (const [name, value] of labels) {
      let values = this.postings.get(name);
      if (values === undefined) {
        values = new Map();
        this.postings.set(name, values);
      }
      const list = values.get(value);
      if (list === undefined) values.set(value, [slot]);
      else list.push(slot);
    }
    return slot;
  }
}
