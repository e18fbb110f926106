import type { Exemplar } from '#lib/model/exemplar.ts';
import { labelsKey } from '#lib/model/labels.ts';

/** In one head. */
const MAX_EXEMPLARS = 100_000;
const MAX_PER_MINUTE = 10;
const MINUTE_MS = 60_000;

const same = (a: Exemplar, b: Exemplar): boolean =>
  a.timestamp === b.timestamp && Object.is(a.value, b.value) && labelsKey(a.labels) === labelsKey(b.labels);

/** The newest exemplars, by slot of their series. */
export class HeadExemplars {
  count = 0;
  private readonly bySlot = new Map<number, Exemplar[]>();

  /** @returns false when the series or the head has enough of them; one that is there already is taken */
  add(slot: number, exemplar: Exemplar): boolean {
    const list = this.bySlot.get(slot);
    if (list?.some((known) => same(known, exemplar))) return true;
    const minute = Math.floor(exemplar.timestamp / MINUTE_MS);
    const beside = list?.filter((known) => Math.floor(known.timestamp / MINUTE_MS) === minute) ?? [];
    if (this.count >= MAX_EXEMPLARS || beside.length >= MAX_PER_MINUTE) return false;
    if (list === undefined) this.bySlot.set(slot, [exemplar]);
    else list.push(exemplar);
    this.count++;
    return true;
  }

  has(slot: number): boolean {
    return this.bySlot.has(slot);
  }

  read(slot: number, from: number, to: number): Exemplar[] {
    return this.bySlot.get(slot)?.filter(({ timestamp }) => timestamp >= from && timestamp <= to) ?? [];
  }

  entries(): IterableIterator<[number, Exemplar[]]> {
    return this.bySlot.entries();
  }
}
