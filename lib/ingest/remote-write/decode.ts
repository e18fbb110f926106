import type { Label } from '#lib/model/labels.ts';
import type { MetricBatch, MetricMetadata, SeriesRef } from '#lib/model/metrics.ts';
import { METRIC_TYPES, seriesRef } from '#lib/model/metrics.ts';
import { describeSeries, labelProblem } from '../label-limits.ts';
import { type DecodedParts, wholeOf } from '../parts.ts';
import { ProtoReader } from '../protobuf/reader.ts';
import type { Rejection } from '../rejection.ts';
import { Rejections } from '../rejection.ts';
import { SampleColumns } from '../sample-columns.ts';
import { ByteCache } from './byte-cache.ts';
import { decodeLabels, readPair } from './labels.ts';
import { otherVersion } from './negotiate.ts';
import { PART_LIMITS, WHOLE } from './part-limits.ts';
import { HistogramBudget, pushExemplar, readHistogramOf, readSample } from './points.ts';
import { scanSeries } from './scan.ts';

/** prometheus.WriteRequest */
const TIMESERIES = 0x0a;
const METADATA = 0x1a;
/** Symbols and series of remote_write 2.0 */
const OF_VERSION_2: ReadonlySet<number> = new Set([0x22, 0x2a]);
/** prometheus.TimeSeries */
const LABELS = 0x0a;
const SAMPLES = 0x12;
const EXEMPLARS = 0x1a;
const HISTOGRAMS = 0x22;
/** prometheus.MetricMetadata; its type enum has the order of METRIC_TYPES */
const METADATA_TYPE = 0x08;
const METADATA_NAME = 0x12;
const METADATA_HELP = 0x22;
const METADATA_UNIT = 0x2a;

export interface DecodedWrite {
  readonly batch: MetricBatch;
  /** `count` is in samples, exemplars and histograms; a series without any counts as one. */
  readonly rejected: readonly Rejection[];
}

/** Series that were met before, by the raw bytes of their labels. */
export type KnownSeries = ByteCache<SeriesRef>;

/**
 * Decodes bodies of remote_write 1.0 (prometheus.WriteRequest). One decoder lives as long as the server: it
 * remembers series by the raw bytes of their labels, so a known one costs a comparison.
 */
export class RemoteWriteDecoder {
  readonly #known: KnownSeries = new ByteCache();
  readonly #columns = new SampleColumns();

  /**
   * What is bad (a label set, a histogram, an exemplar) is rejected by name and the rest is kept.
   * @param protobuf the body after snappy
   * @throws Fault 400 `malformed-protobuf` when the message is broken, `wrong-message-version`, 413 when its histograms are too much for one body
   */
  decode(protobuf: Uint8Array): DecodedWrite {
    return wholeOf(this.parts(protobuf, WHOLE));
  }

  /** The same in parts, so that others get a turn in between. */
  *parts(protobuf: Uint8Array, limits = PART_LIMITS): DecodedParts {
    const reader = new ProtoReader(protobuf);
    const rejections = new Rejections();
    let metadata: MetricMetadata[] = [];
    const budget = new HistogramBudget();
    this.#columns.clear();
    let limit = limits.bytes;
    let left = limits.series;
    while (reader.more()) {
      if (reader.pos >= limit || left-- <= 0) {
        yield this.#columns.take(metadata);
        metadata = [];
        limit = reader.pos + limits.bytes;
        left = limits.series;
      }
      scanSeries(reader, this.#known, this.#columns, limit);
      if (!reader.more()) break;
      if (reader.pos >= limit) continue;
      const tag = reader.tag();
      if (tag === TIMESERIES) this.#timeSeries(reader, rejections, budget);
      else if (tag === METADATA) readMetadata(reader, metadata);
      else if (OF_VERSION_2.has(tag)) throw otherVersion('2.0', '1.0');
      else reader.skip(tag);
    }
    yield this.#columns.take(metadata);
    return rejections.list();
  }

  #timeSeries(reader: ProtoReader, rejections: Rejections, budget: HistogramBudget): void {
    const outer = reader.enter();
    const start = reader.pos;
    while (reader.more() && reader.bytes[reader.pos] === LABELS) {
      reader.pos++;
      reader.pass();
    }
    const end = reader.pos;
    const scattered = labelsAmongTheRest(reader, start);
    const series = scattered
      ? this.#resolve(scattered, viewOf(scattered), 0, scattered.length)
      : this.#resolve(reader.bytes, reader.view, start, end);
    if ('handle' in series) this.#columns.begin(series);
    let items = 0;
    while (reader.more()) {
      const tag = reader.tag();
      const isItem = tag === SAMPLES || tag === EXEMPLARS || tag === HISTOGRAMS;
      if (isItem) items++;
      if (!isItem || !('handle' in series)) reader.skip(tag);
      else if (tag === SAMPLES) readSample(reader, this.#columns);
      else if (tag === HISTOGRAMS) readHistogramOf(series, reader, this.#columns, rejections, budget);
      else readExemplarOf(series, reader, this.#columns, rejections);
    }
    if ('handle' in series) this.#columns.end();
    else rejections.add(series.reason, series.message, Math.max(1, items));
    reader.leave(outer);
  }

  #resolve(bytes: Buffer, view: DataView, start: number, end: number): SeriesRef | Problem {
    const known = this.#known.get(bytes, view, start, end);
    if (known !== undefined) return known;
    const labels = decodeLabels(bytes.subarray(start, end));
    if (labels.invalid) {
      return {
        reason: 'invalid-utf8',
        message: `series ${describeSeries(labels.pairs)}: a label is not valid UTF-8`,
      };
    }
    const problem = labelProblem(labels.pairs);
    if (problem !== undefined) return problem;
    const series = seriesRef(labels.pairs);
    this.#known.set(bytes, view, start, end, series);
    return series;
  }
}

/** prometheus.Exemplar */
function readExemplarOf(
  series: SeriesRef,
  reader: ProtoReader,
  columns: SampleColumns,
  rejections: Rejections,
): void {
  const outer = reader.enter();
  const pairs: Label[] = [];
  let value = 0;
  let timestamp = 0;
  while (reader.more()) {
    const tag = reader.tag();
    if (tag === 0x0a) pairs.push(readPair(reader));
    else if (tag === 0x11) value = reader.double();
    else if (tag === 0x18) timestamp = reader.int64();
    else reader.skip(tag);
  }
  reader.leave(outer);
  pushExemplar(series, { pairs, value, timestamp }, columns, rejections);
}

interface Problem {
  readonly reason: string;
  readonly message: string;
}

const viewOf = (bytes: Buffer) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** All label fields of a series in one piece, when some stand behind its samples; else undefined. */
function labelsAmongTheRest(reader: ProtoReader, start: number): Buffer | undefined {
  const rest = reader.pos;
  const parts: Buffer[] = [];
  while (reader.more()) {
    const at = reader.pos;
    const tag = reader.tag();
    reader.skip(tag);
    if (tag === LABELS) parts.push(reader.bytes.subarray(at, reader.pos));
  }
  reader.pos = rest;
  return parts.length === 0 ? undefined : Buffer.concat([reader.bytes.subarray(start, rest), ...parts]);
}

function readMetadata(reader: ProtoReader, metadata: MetricMetadata[]): void {
  const outer = reader.enter();
  let type = 0;
  let name = '';
  let help = '';
  let unit = '';
  while (reader.more()) {
    const tag = reader.tag();
    if (tag === METADATA_TYPE) type = reader.uint32();
    else if (tag === METADATA_NAME) name = reader.string();
    else if (tag === METADATA_HELP) help = reader.string();
    else if (tag === METADATA_UNIT) unit = reader.string();
    else reader.skip(tag);
  }
  reader.leave(outer);
  if (name !== '') metadata.push({ name, type: METRIC_TYPES[type] ?? 'unknown', help, unit });
}
