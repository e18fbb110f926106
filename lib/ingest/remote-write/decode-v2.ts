import type { Label } from '#lib/model/labels.ts';
import { labelValue, METRIC_NAME } from '#lib/model/labels.ts';
import type { MetricMetadata, SeriesRef } from '#lib/model/metrics.ts';
import { METRIC_TYPES, seriesRef } from '#lib/model/metrics.ts';
import { describeSeries, labelProblem, MAX_LABELS } from '../label-limits.ts';
import { type DecodedParts, wholeOf } from '../parts.ts';
import { ProtoReader } from '../protobuf/reader.ts';
import { Rejections } from '../rejection.ts';
import { SampleColumns } from '../sample-columns.ts';
import { ByteCache } from './byte-cache.ts';
import type { DecodedWrite } from './decode.ts';
import { otherVersion } from './negotiate.ts';
import { PART_LIMITS, WHOLE } from './part-limits.ts';
import { HistogramBudget, pushExemplar, readHistogramOf, readSample } from './points.ts';
import type { WriteSymbol } from './symbols.ts';
import { SymbolTable } from './symbols.ts';

/** io.prometheus.write.v2.Request */
const TIMESERIES = 0x2a;
const SERIES_OF_VERSION_1 = 0x0a;
/** io.prometheus.write.v2.TimeSeries; its metadata's type enum has the order of METRIC_TYPES */
const LABEL_REFS = 0x0a;
const LABEL_REF = 0x08;
const SAMPLES = 0x12;
const HISTOGRAMS = 0x1a;
const EXEMPLARS = 0x22;
const METADATA = 0x2a;

/** The store is told again of metadata that has not changed, in case it has dropped it. */
const TELL_AGAIN_MS = 600_000;

/** A series that was met before, and the metadata that came with it. */
interface Known {
  readonly series: SeriesRef;
  readonly name: string;
  type: number;
  help: number;
  unit: number;
  toldAt: number;
}

interface Problem {
  readonly reason: string;
  readonly message: string;
}

/**
 * Decodes bodies of remote_write 2.0 (io.prometheus.write.v2.Request). One decoder lives as long as the server: it
 * remembers texts by their bytes, and series by the ids of their texts. Start timestamps are passed over, as
 * Prometheus does unless it is told to write zeros there.
 */
export class RemoteWrite2Decoder {
  readonly #symbols = new SymbolTable();
  #known = new ByteCache<Known>();
  readonly #columns = new SampleColumns();
  /** Symbol ids of one series' labels, as bytes. */
  readonly #ids = Buffer.alloc(8 * MAX_LABELS);
  readonly #texts: WriteSymbol[] = [];
  #count = 0;
  #missing = -1;
  readonly #idsView = new DataView(this.#ids.buffer, this.#ids.byteOffset, this.#ids.byteLength);

  /**
   * What is bad (a label set, a histogram, an exemplar) is rejected by name and the rest is kept.
   * @param protobuf the body after snappy
   * @throws Fault 400 `malformed-protobuf` when the message is broken, `wrong-message-version`, 413 when it is too much for one body
   */
  decode(protobuf: Uint8Array, now = Date.now()): DecodedWrite {
    return wholeOf(this.parts(protobuf, WHOLE, now));
  }

  /** The same in parts, so that others get a turn in between; no other body must be begun before the last of them. */
  *parts(protobuf: Uint8Array, limits = PART_LIMITS, now = Date.now()): DecodedParts {
    const reader = new ProtoReader(protobuf);
    const rejections = new Rejections();
    const metadata = new Map<string, MetricMetadata>();
    const budget = new HistogramBudget();
    if (!this.#symbols.read(reader)) this.#known = new ByteCache();
    this.#columns.clear();
    let limit = limits.bytes;
    let left = limits.series;
    for (let index = 1; reader.more(); ) {
      if (reader.pos >= limit || left-- <= 0) {
        yield this.#columns.take([...metadata.values()]);
        metadata.clear();
        limit = reader.pos + limits.bytes;
        left = limits.series;
      }
      const tag = reader.tag();
      if (tag === TIMESERIES) this.#timeSeries(reader, index++, { rejections, metadata, budget, now });
      else if (tag === SERIES_OF_VERSION_1) throw otherVersion('1.0', '2.0');
      else reader.skip(tag);
    }
    yield this.#columns.take([...metadata.values()]);
    return rejections.list();
  }

  #timeSeries(
    reader: ProtoReader,
    index: number,
    body: {
      rejections: Rejections;
      metadata: Map<string, MetricMetadata>;
      budget: HistogramBudget;
      now: number;
    },
  ): void {
    const outer = reader.enter();
    const known = this.#resolve(reader, index);
    if ('series' in known) this.#columns.begin(known.series);
    let items = 0;
    let time = 0;
    while (reader.more()) {
      const tag = reader.tag();
      if (tag === SAMPLES || tag === HISTOGRAMS || tag === EXEMPLARS) items++;
      if (!('series' in known)) reader.skip(tag);
      else if (tag === SAMPLES) time = readSample(reader, this.#columns);
      else if (tag === HISTOGRAMS)
        readHistogramOf(known.series, reader, this.#columns, body.rejections, body.budget);
      else if (tag === EXEMPLARS) this.#exemplar(reader, known.series, time, body.rejections);
      else if (tag === METADATA) this.#metadata(reader, known, body.metadata, body.now);
      else reader.skip(tag);
    }
    if ('series' in known) this.#columns.end();
    else body.rejections.add(known.reason, known.message, Math.max(1, items));
    reader.leave(outer);
  }

  /** The series of the message that the reader is at the beginning of. */
  #resolve(reader: ProtoReader, index: number): Known | Problem {
    const start = reader.pos;
    this.#count = 0;
    this.#missing = -1;
    while (reader.more()) {
      const tag = reader.tag();
      if (tag === LABEL_REFS) {
        const outer = reader.enter();
        while (reader.more()) this.#labelRef(reader.uint32());
        reader.leave(outer);
      } else if (tag === LABEL_REF) this.#labelRef(reader.uint32());
      else reader.skip(tag);
    }
    reader.pos = start;
    const count = this.#count;
    if (this.#missing >= 0)
      return {
        reason: 'bad-symbol-ref',
        message: `series ${index} of the body: a label refers to symbol ${this.#missing}, there are ${this.#symbols.length}`,
      };
    if (count % 2 === 1)
      return {
        reason: 'odd-label-refs',
        message: `series ${index} of the body: ${count} label references are no pairs of names and values`,
      };
    if (count > 2 * MAX_LABELS)
      return {
        reason: 'too-many-labels',
        message: `series ${describeSeries(this.#pairs())}: ${count / 2} labels, at most ${MAX_LABELS} are taken`,
      };
    const bytes = 4 * count;
    if (bytes > 0 && this.#known.follow(this.#idsView, 0, bytes) === bytes) {
      const followed = this.#known.followed();
      if (followed !== undefined) return followed;
    }
    return this.#known.get(this.#ids, this.#idsView, 0, bytes) ?? this.#learn(bytes);
  }

  #labelRef(ref: number): void {
    const symbol = this.#symbols.at(ref);
    if (symbol === undefined) this.#missing = ref;
    else if (this.#count < 2 * MAX_LABELS) {
      this.#idsView.setInt32(4 * this.#count, symbol.id, true);
      this.#texts[this.#count] = symbol;
    }
    this.#count++;
  }

  #pairs(): Label[] {
    const pairs: Label[] = [];
    for (let i = 0; i < Math.min(this.#count, 2 * MAX_LABELS); i += 2)
      pairs.push([this.#texts[i]?.text ?? '', this.#texts[i + 1]?.text ?? '']);
    return pairs;
  }

  #learn(bytes: number): Known | Problem {
    const pairs = this.#pairs();
    if (this.#texts.slice(0, this.#count).some(({ isValid }) => !isValid))
      return {
        reason: 'invalid-utf8',
        message: `series ${describeSeries(pairs)}: a label is not valid UTF-8`,
      };
    const problem = labelProblem(pairs);
    if (problem !== undefined) return problem;
    const series = seriesRef(pairs);
    const name = labelValue(series.labels, METRIC_NAME);
    const known: Known = { series, name, type: 0, help: 0, unit: 0, toldAt: Number.NEGATIVE_INFINITY };
    this.#known.set(this.#ids, this.#idsView, 0, bytes, known);
    return known;
  }

  #exemplar(reader: ProtoReader, series: SeriesRef, time: number, rejections: Rejections): void {
    const outer = reader.enter();
    const refs: number[] = [];
    let value = 0;
    let timestamp = 0;
    while (reader.more()) {
      const tag = reader.tag();
      if (tag === 0x0a) {
        const inner = reader.enter();
        // More of them than a series has cannot fit an exemplar anyway.
        while (reader.more() && refs.length <= 2 * MAX_LABELS) refs.push(reader.uint32());
        reader.leave(inner);
      } else if (tag === 0x08 && refs.length <= 2 * MAX_LABELS) refs.push(reader.uint32());
      else if (tag === 0x11) value = reader.double();
      else if (tag === 0x18) timestamp = reader.int64();
      else reader.skip(tag);
    }
    reader.leave(outer);
    const texts = refs.map((ref) => this.#symbols.at(ref));
    if (texts.includes(undefined) || texts.length % 2 === 1) {
      rejections.add('bad-symbol-ref', `an exemplar of ${describeSeries(series.labels)} refers to no label`);
      return;
    }
    const pairs = texts.flatMap((text, i): Label[] =>
      i % 2 === 0 ? [[text?.text ?? '', texts[i + 1]?.text ?? '']] : [],
    );
    // Without a time of its own it belongs to the sample before it.
    pushExemplar(series, { pairs, value, timestamp: timestamp || time }, this.#columns, rejections);
  }

  #metadata(reader: ProtoReader, known: Known, told: Map<string, MetricMetadata>, now: number): void {
    const outer = reader.enter();
    let type = 0;
    let help = 0;
    let unit = 0;
    while (reader.more()) {
      const tag = reader.tag();
      if (tag === 0x08) type = reader.uint32();
      else if (tag === 0x18) help = reader.uint32();
      else if (tag === 0x20) unit = reader.uint32();
      else reader.skip(tag);
    }
    reader.leave(outer);
    const helpText = this.#symbols.at(help);
    const unitText = this.#symbols.at(unit);
    const helpId = helpText?.id ?? 0;
    const unitId = unitText?.id ?? 0;
    const isSame = known.type === type && known.help === helpId && known.unit === unitId;
    if (isSame && now - known.toldAt < TELL_AGAIN_MS) return;
    Object.assign(known, { type, help: helpId, unit: unitId, toldAt: now });
    if (type === 0 && helpId === 0 && unitId === 0) return;
    const { name } = known;
    told.set(name, {
      name,
      type: METRIC_TYPES[type] ?? 'unknown',
      help: helpText?.text ?? '',
      unit: unitText?.text ?? '',
    });
  }
}
