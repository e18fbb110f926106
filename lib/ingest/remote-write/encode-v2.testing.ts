import type { Label } from '#lib/model/labels.ts';
import { ProtoWriter } from '../protobuf/writer.ts';
import { histogram, sample, type TestHistogram } from './encode.testing.ts';

/** A small remote_write 2.0 sender for tests. */
export interface TestSeries2 {
  readonly labels: readonly Label[];
  readonly samples?: readonly (readonly [timestamp: number, value: number])[];
  readonly histograms?: readonly TestHistogram[];
  readonly exemplars?: readonly { labels: readonly Label[]; value: number; timestamp: number }[];
  readonly metadata?: { type: number; help: string; unit: string };
  readonly created?: number;
}

export class Request2 {
  readonly #symbols: string[] = [''];
  readonly #series: ProtoWriter[] = [];

  ref(text: string): number {
    const known = this.#symbols.indexOf(text);
    return known >= 0 ? known : this.#symbols.push(text) - 1;
  }

  refs(labels: readonly Label[]): number[] {
    return labels.flatMap(([name, value]) => [this.ref(name), this.ref(value)]);
  }

  add(series: TestSeries2): this {
    const writer = new ProtoWriter().varints(1, this.refs(series.labels));
    for (const one of series.samples ?? []) writer.message(2, sample(one));
    for (const one of series.histograms ?? []) writer.message(3, histogram(one));
    for (const { labels, value, timestamp } of series.exemplars ?? []) {
      const own = new ProtoWriter().varints(1, this.refs(labels)).double(2, value);
      writer.message(4, timestamp === 0 ? own : own.int(3, timestamp));
    }
    const { metadata } = series;
    if (metadata !== undefined) {
      const own = new ProtoWriter().int(1, metadata.type);
      writer.message(5, own.int(3, this.ref(metadata.help)).int(4, this.ref(metadata.unit)));
    }
    if (series.created !== undefined) writer.int(6, series.created);
    return this.raw(writer);
  }

  raw(series: ProtoWriter): this {
    this.#series.push(series);
    return this;
  }

  /** @param symbolsLast the table stands behind the series */
  finish(symbolsLast = false): Buffer {
    const symbols = new ProtoWriter();
    for (const one of this.#symbols) symbols.string(4, one);
    const series = new ProtoWriter();
    for (const one of this.#series) series.message(5, one);
    return Buffer.concat(
      symbolsLast ? [series.finish(), symbols.finish()] : [symbols.finish(), series.finish()],
    );
  }
}
