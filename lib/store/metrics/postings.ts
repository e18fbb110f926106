import type { Label, Labels } from '#lib/model/labels.ts';
import { SliceOfTime } from '../slice-of-time.ts';
import type { CompiledMatcher } from './matcher.ts';

/** A label as all series share it, and the slots of those that carry it. */
export interface Posting {
  readonly label: Label;
  slots: number[];
}

const NONE: ReadonlyMap<string, Posting> = new Map();

/** Which slots carry which label. Labels that are equal are one object. */
export class Postings {
  private readonly byName = new Map<string, Map<string, Posting>>();
  /** Labels that lost a slot since the last sweep. */
  private readonly loose = new Set<Posting>();

  get size(): number {
    let pairs = 0;
    for (const values of this.byName.values()) pairs += values.size;
    return pairs;
  }

  names(): IterableIterator<string> {
    return this.byName.keys();
  }

  values(name: string): ReadonlyMap<string, Posting> {
    return this.byName.get(name) ?? NONE;
  }

  /** @returns the labels, as all series share them */
  add(labels: Labels, slot: number): Labels {
    return labels.map((label) => {
      const posting = this.posting(label);
      posting.slots.push(slot);
      return posting.label;
    });
  }

  /** Its labels name the slot until `sweep`. */
  remove(labels: Labels): void {
    for (const [name, value] of labels) {
      const posting = this.byName.get(name)?.get(value);
      if (posting !== undefined) this.loose.add(posting);
    }
  }

  /** Takes slots out of the lists of labels that lost some. */
  async sweep(gone: (slot: number) => boolean): Promise<void> {
    const loose = [...this.loose];
    this.loose.clear();
    const slice = new SliceOfTime();
    for (const posting of loose) {
      if (slice.over()) await slice.next();
      posting.slots = posting.slots.filter((slot) => !gone(slot));
      if (posting.slots.length > 0) continue;
      const [name, value] = posting.label;
      const values = this.byName.get(name);
      values?.delete(value);
      if (values?.size === 0) this.byName.delete(name);
    }
  }

  /** Tries expressions on the values that they are about: matchers remember, so `candidates` does not take long. */
  async prepare(matchers: readonly CompiledMatcher[]): Promise<void> {
    const slice = new SliceOfTime();
    for (const matcher of matchers) {
      if (matcher.matchesAbsent || matcher.equals !== undefined) continue;
      for (const value of this.values(matcher.name).keys()) {
        matcher.test(value);
        if (slice.over()) await slice.next();
      }
    }
  }

  /** The smallest set of slots that one matcher narrows to, ascending; undefined when none narrows. */
  candidates(matchers: readonly CompiledMatcher[]): Int32Array | undefined {
    let best: { size: number; lists: (readonly number[])[] } | undefined;
    for (const matcher of matchers) {
      if (matcher.matchesAbsent) continue;
      const values = this.values(matcher.name);
      const lists: (readonly number[])[] = [];
      if (matcher.equals !== undefined) lists.push(values.get(matcher.equals)?.slots ?? []);
      else for (const [value, { slots }] of values) if (matcher.test(value)) lists.push(slots);
      const size = lists.reduce((sum, list) => sum + list.length, 0);
      if (best === undefined || size < best.size) best = { size, lists };
    }
    if (best === undefined) return undefined;
    const slots = new Int32Array(best.size);
    let at = 0;
    for (const list of best.lists) {
      slots.set(list, at);
      at += list.length;
    }
    return slots.sort();
  }

  private posting(label: Label): Posting {
    const [name, value] = label;
    let values = this.byName.get(name);
    if (values === undefined) {
      values = new Map();
      this.byName.set(name, values);
    }
    let posting = values.get(value);
    if (posting === undefined) {
      posting = { label, slots: [] };
      values.set(value, posting);
    }
    return posting;
  }
}
