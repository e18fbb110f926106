import { type Label, type Labels, labelsKey } from '#lib/model/labels.ts';
import {
  type ExemplarSample,
  type HistogramSample,
  METRIC_TYPES,
  type MetricMetadata,
} from '#lib/model/metrics.ts';
import { ByteReader, ByteWriter } from './bytes.ts';
import { readHistogram, writeHistogram } from './native-histogram.ts';

/** 1 was of series without groups, see ../convert/old-metric-batch.ts. */
const VERSION = 2;
/** How the columns before the values are written. */
const EACH_ONE = 1;
const SAME_TIME = 2;

/** Samples in columns as in `MetricBatch`, with series by id; `defined` names those that no durable row has named yet. */
export interface StoredMetrics {
  /** series ids */
  readonly ids: Float64Array;
  readonly offsets: Uint32Array;
  readonly timestamps: Float64Array;
  readonly values: Float64Array;
  readonly defined: readonly { readonly id: number; readonly labels: Labels; readonly key: string }[];
  readonly metadata: readonly MetricMetadata[];
  readonly histograms: readonly HistogramSample[];
  readonly exemplars: readonly ExemplarSample[];
}

export function encodeMetrics(batch: StoredMetrics): Uint8Array<ArrayBuffer> {
  const { ids, offsets, timestamps, values } = batch;
  const count = timestamps.length;
  const out = new ByteWriter(256 + ids.length * 3 + count * 11 + batch.defined.length * 200);
  out.byte(VERSION);
  writeLabelSets(out, batch.defined);
  out.varint(batch.metadata.length);
  for (const m of batch.metadata) {
    out.newText(m.name);
    out.byte(METRIC_TYPES.indexOf(m.type));
    out.newText(m.help);
    out.newText(m.unit);
  }
  out.varint(ids.length);
  out.byte((eachOne(offsets, count) ? EACH_ONE : 0) + (sameTime(timestamps) ? SAME_TIME : 0));
  let previous = 0;
  for (let i = 0; i < ids.length; i++) {
    const id = ids[i] as number;
    // Series that first came together have ids in a row.
    out.zigzag(id - previous);
    previous = id;
  }
  if (!eachOne(offsets, count))
    for (let i = 0; i < ids.length; i++) out.varint((offsets[i + 1] ?? 0) - (offsets[i] ?? 0));
  if (sameTime(timestamps)) {
    if (count > 0) out.number(timestamps[0] as number);
  } else {
    previous = 0;
    for (let i = 0; i < count; i++) {
      const at = timestamps[i] as number;
      out.zigzag(at - previous);
      previous = at;
    }
  }
  out.raw(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  out.varint(batch.histograms.length);
  for (const { series, timestamp, histogram } of batch.histograms) {
    out.varint(series);
    out.number(timestamp);
    writeHistogram(out, histogram);
  }
  out.varint(batch.exemplars.length);
  for (const { series, exemplar } of batch.exemplars) {
    out.varint(series);
    out.number(exemplar.timestamp);
    out.float64(exemplar.value);
    writeLabels(out, exemplar.labels);
  }
  return out.finish();
}

/** Throws a RangeError for damaged bytes. */
export function decodeMetrics(bytes: Uint8Array): StoredMetrics {
  const input = new ByteReader(bytes);
  const version = input.byte();
  if (version !== VERSION) throw new RangeError(`metrics row of version ${version}`);
  const defined = Array.from({ length: input.count() }, () => {
    const id = input.varint();
    const labels = readLabels(input);
    return { id, labels, key: labelsKey(labels) };
  });
  const metadata = Array.from({ length: input.count() }, () => ({
    name: input.newText(),
    type: METRIC_TYPES[input.byte()] ?? 'unknown',
    help: input.newText(),
    unit: input.newText(),
  }));
  const ids = new Float64Array(input.count());
  const form = input.byte();
  let previous = 0;
  for (let i = 0; i < ids.length; i++) {
    previous += input.zigzag();
    ids[i] = previous;
  }
  const offsets = new Uint32Array(ids.length + 1);
  for (let i = 0; i < ids.length; i++)
    offsets[i + 1] = (offsets[i] as number) + (form & EACH_ONE ? 1 : input.varint());
  const count = offsets[ids.length] as number;
  if (count > bytes.length) throw new RangeError(`${count} samples cannot be in ${bytes.length} bytes`);
  const timestamps = new Float64Array(count);
  if (form & SAME_TIME) {
    if (count > 0) timestamps.fill(input.number());
  } else {
    previous = 0;
    for (let i = 0; i < count; i++) {
      previous += input.zigzag();
      timestamps[i] = previous;
    }
  }
  const values = new Float64Array(count);
  // Bytes, not numbers: a NaN's payload must survive.
  new Uint8Array(values.buffer).set(input.raw(count * 8));
  const histograms = Array.from({ length: input.count() }, () => ({
    series: input.varint(),
    timestamp: input.number(),
    histogram: readHistogram(input),
  }));
  const exemplars = Array.from({ length: input.count() }, () => {
    const series = input.varint();
    const timestamp = input.number();
    const value = input.float64();
    return { series, exemplar: { timestamp, value, labels: readLabels(input) } };
  });
  return { ids, offsets, timestamps, values, defined, metadata, histograms, exemplars };
}

/** Whether every series has one sample. */
function eachOne(offsets: Uint32Array, count: number): boolean {
  if (count !== offsets.length - 1) return false;
  for (let i = 0; i < offsets.length; i++) if (offsets[i] !== i) return false;
  return true;
}

function sameTime(timestamps: Float64Array): boolean {
  for (let i = 1; i < timestamps.length; i++) if (timestamps[i] !== timestamps[0]) return false;
  return true;
}

function writeLabelSets(out: ByteWriter, sets: StoredMetrics['defined']): void {
  out.varint(sets.length);
  for (const { id, labels } of sets) {
    out.varint(id);
    writeLabels(out, labels);
  }
}

function writeLabels(out: ByteWriter, labels: Labels): void {
  out.varint(labels.length);
  for (const [name, value] of labels) {
    out.text(name);
    out.text(value);
  }
}

function readLabels(input: ByteReader): Labels {
  const labels: Label[] = [];
  for (let n = input.count(); n > 0; n--) labels.push([input.text(), input.text()]);
  return labels;
}
