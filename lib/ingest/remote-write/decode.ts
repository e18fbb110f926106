import type { MetricBatch, MetricMetadata, SeriesRef } from '#lib/model/metrics.ts';
import { METRIC_TYPES, seriesRef } from '#lib/model/metrics.ts';
import { describeSeries, labelProblem } from '../label-limits.ts';
import { ProtoReader } from '../protobuf/reader.ts';
import type { Rejection } from '../rejection.ts';
import { Rejections } from '../rejection.ts';
import { SampleColumns } from '../sample-columns.ts';
import { decodeLabels } from './labels.ts';
import { SeriesCache } from './series-cache.ts';

/** prometheus.WriteRequest */
const TIMESERIES = 0x0a;
const METADATA = 0x1a;
/** prometheus.TimeSeries */
const LABELS = 0x0a;
const SAMPLES = 0x12;
const EXEMPLARS = 0x1a;
const HISTOGRAMS = 0x22;
/** prometheus.Sample */
const SAMPLE_VALUE = 0x09;
const SAMPLE_TIMESTAMP = 0x10;
/** prometheus.MetricMetadata; its type enum has the order of METRIC_TYPES */
const METADATA_TYPE = 0x08;
const METADATA_NAME = 0x12;
const METADATA_HELP = 0x22;
const METADATA_UNIT = 0x2a;

const NOT_YET = 'not-supported-yet';

export interface DecodedWrite {
  readonly batch: MetricBatch;
  /** `count` is in samples, exemplars and histograms; a series without any counts as one. */
  readonly rejected: readonly Rejection[];
}

/**
 * Decodes bodies of remote_write 1.0 (prometheus.WriteRequest). One decoder lives as long as the server: it
 * remembers series by the raw bytes of their labels, so a known one costs a hash and a comparison.
 */
export class RemoteWriteDecoder {
  readonly #known = new SeriesCache();
  readonly #columns = new SampleColumns();

  /**
   * A series with a bad label set is rejected by name and the rest is kept.
   * @param protobuf the body after snappy
   * @throws Fault 400 `malformed-protobuf` when the message is broken
   */
  decode(protobuf: Uint8Array): DecodedWrite {
    const reader = new ProtoReader(protobuf);
    const rejections = new Rejections();
    const metadata: MetricMetadata[] = [];
    this.#columns.clear();
    while (reader.more()) {
      const tag = reader.tag();
      if (tag === TIMESERIES) this.#timeSeries(reader, rejections);
      else if (tag === METADATA) readMetadata(reader, metadata);
      else reader.skip(tag);
    }
    return { batch: this.#columns.take(metadata), rejected: rejections.list() };
  }

  #timeSeries(reader: ProtoReader, rejections: Rejections): void {
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
    let samples = 0;
    while (reader.more()) {
      const tag = reader.tag();
      if (tag === SAMPLES) {
        if (samples++ === 0 && 'handle' in series) this.#columns.begin(series);
        this.#sample(reader, 'handle' in series);
      } else {
        if (tag === EXEMPLARS) rejections.add(NOT_YET, 'exemplars are not stored yet');
        else if (tag === HISTOGRAMS) rejections.add(NOT_YET, 'native histograms are not stored yet');
        reader.skip(tag);
      }
    }
    if (!('handle' in series)) rejections.add(series.reason, series.message, Math.max(1, samples));
    reader.leave(outer);
  }

  #sample(reader: ProtoReader, keep: boolean): void {
    const outer = reader.enter();
    let low = 0;
    let high = 0;
    let timestamp = 0;
    while (reader.more()) {
      const tag = reader.tag();
      if (tag === SAMPLE_VALUE) {
        low = reader.fixed32();
        high = reader.fixed32();
      } else if (tag === SAMPLE_TIMESTAMP) timestamp = reader.int64();
      else reader.skip(tag);
    }
    reader.leave(outer);
    if (keep) this.#columns.pushWords(timestamp, low, high);
  }

  #resolve(bytes: Buffer, view: DataView, start: number, end: number): SeriesRef | Problem {
    const hash = this.#known.hash(view, start, end);
    const known = this.#known.get(bytes, view, start, end, hash);
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
    this.#known.set(bytes, start, end, hash, series);
    return series;
  }
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
