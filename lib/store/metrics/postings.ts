import type { Label, Labels } from '#lib/model/labels.ts';
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
  sweep(gone: (slot: number) => boolean): void {
    for (const posting of this.loose) {
      posting.slots = posting.slots.filter((slot) => !gone(slot));
      if (posting.slots.length > 0) continue;
      const [name, value] = posting.label;
      const values = this.byName.get(name);
      values?.delete(value);
      if (values?.size === 0) this.byName.delete(name);
    }
    this.loose.clear();
  }

  /** The smallest set of slots that one matcher narrows to; undefined when none narrows. */
  candidates(matchers: readonly CompiledMatcher[]): number[] | undefined {
    let best: { size: number; lists: number[][] } | undefined;
    for (const matcher of matchers) {
      if (matcher.matchesAbsent) continue;
      const values = this.values(matcher.name);
      const lists: number[][] = [];
      if (matcher.equals !== undefined) lists.push(values.get(matcher.equals)?.slots ?? []);
      else for (const [value, { slots }] of values) if (matcher.test(value)) lists.push(slots);
      const size = lists.reduce((sum, list) => sum + list.length, 0);
      if (best === undefined || size < best.size) best = { size, lists };
    }
    return best?.lists.flat();
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
