import type { NativeHistogram } from '#lib/model/native-histogram.ts';
import { ByteReader, ByteWriter } from '../codec/bytes.ts';
import { readHistogram, writeHistogram } from '../codec/native-histogram.ts';
import type { SharedHistograms } from './shared-samples.ts';

const PAGE_BYTES = 2 ** 20;
/** Slot, timestamp and length before each histogram. */
const RECORD_HEAD = 16;

interface SlotHistograms {
  readonly timestamps: number[];
  /** Page and byte where the record's histogram begins, and its length. */
  readonly places: { readonly page: number; readonly at: number; readonly size: number }[];
}

/** Native histograms in memory, encoded, in pages that the writer thread can be shown. */
export class HistogramArena {
  count = 0;
  private readonly pages: SharedArrayBuffer[] = [];
  private readonly used: number[] = [];
  private readonly bySlot = new Map<number, SlotHistograms>();

  static over({ pages, used }: SharedHistograms): HistogramArena {
    const arena = new HistogramArena();
    for (const [i, page] of pages.entries()) {
      arena.pages.push(page);
      const end = used[i] ?? 0;
      arena.used.push(end);
      const view = new DataView(page);
      for (let at = 0; at < end; ) {
        const size = view.getUint32(at + 4, true);
        arena.note(view.getUint32(at, true), view.getFloat64(at + 8, true), i, at + RECORD_HEAD, size);
        at += RECORD_HEAD + size;
      }
    }
    return arena;
  }

  /** The memory itself: append nothing after. */
  share(): SharedHistograms | undefined {
    return this.count === 0 ? undefined : { pages: this.pages, used: this.used };
  }

  slots(): number[] {
    return [...this.bySlot.keys()];
  }

  has(slot: number): boolean {
    return this.bySlot.has(slot);
  }

  hasAt(slot: number, at: number): boolean {
    return this.bySlot.get(slot)?.timestamps.includes(at) ?? false;
  }

  /** @returns whether it was taken: `same` is already there, `conflict` is another one for the same time */
  append(slot: number, timestamp: number, histogram: NativeHistogram): 'taken' | 'same' | 'conflict' {
    const out = new ByteWriter(128);
    writeHistogram(out, histogram);
    const bytes = out.finish();
    const known = this.bySlot.get(slot);
    const last = known?.timestamps.at(-1);
    if (known !== undefined && last !== undefined && timestamp <= last) {
      const i = known.timestamps.indexOf(timestamp);
      const place = known.places[i];
      if (place !== undefined) return Buffer.compare(this.bytes(place), bytes) === 0 ? 'same' : 'conflict';
    }
    let page = this.pages.length - 1;
    const room = RECORD_HEAD + bytes.length;
    if (page < 0 || (this.used[page] as number) + room > (this.pages[page] as SharedArrayBuffer).byteLength) {
      this.pages.push(new SharedArrayBuffer(Math.max(PAGE_BYTES, room)));
      this.used.push(0);
      page++;
    }
    const memory = this.pages[page] as SharedArrayBuffer;
    const at = this.used[page] as number;
    const view = new DataView(memory);
    view.setUint32(at, slot, true);
    view.setUint32(at + 4, bytes.length, true);
    view.setFloat64(at + 8, timestamp, true);
    new Uint8Array(memory).set(bytes, at + RECORD_HEAD);
    this.used[page] = at + room;
    this.note(slot, timestamp, page, at + RECORD_HEAD, bytes.length);
    return 'taken';
  }

  /** Histograms of a slot with from ≤ t ≤ to, ascending; undefined when there are none. */
  read(
    slot: number,
    from: number,
    to: number,
  ): { timestamps: Float64Array; histograms: NativeHistogram[] } | undefined {
    const known = this.bySlot.get(slot);
    if (known === undefined) return undefined;
    const order = known.timestamps
      .map((at, i) => [at, i] as const)
      .filter(([at]) => at >= from && at <= to)
      .sort(([a], [b]) => a - b);
    if (order.length === 0) return undefined;
    const histograms: NativeHistogram[] = [];
    for (const [, i] of order) {
      const place = known.places[i];
      if (place !== undefined) histograms.push(readHistogram(new ByteReader(this.bytes(place))));
    }
    return { timestamps: Float64Array.from(order, ([at]) => at), histograms };
  }

  private bytes({ page, at, size }: SlotHistograms['places'][number]): Uint8Array {
    return new Uint8Array(this.pages[page] as SharedArrayBuffer, at, size);
  }

  private note(slot: number, timestamp: number, page: number, at: number, size: number): void {
    let known = this.bySlot.get(slot);
    if (known === undefined) {
      known = { timestamps: [], places: [] };
      this.bySlot.set(slot, known);
    }
    known.timestamps.push(timestamp);
    known.places.push({ page, at, size });
    this.count++;
  }
}
