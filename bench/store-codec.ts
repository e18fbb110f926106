/**
 * How small and how fast blocks of samples at rest are.
 *
 *   node bench/store-codec.ts bodies.bin      remote_write bodies as `remote-write.mjs --dry-run --save` writes them
 *   node bench/store-codec.ts                 made here: 640 series, 24 h, one sample in 15 s
 *
 * For blocks of a day, of two hours, of 40 and of 20 samples a series: bytes per sample, and millions of samples a
 * second of CPU, encoded and decoded (the first time, and later). For rollups: bytes per sample they stand for.
 * Every decoded block is compared with what went in.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { RemoteWriteDecoder } from '#lib/ingest/remote-write/decode.ts';
import { uncompress } from '#lib/ingest/remote-write/snappy.ts';
import { labelsKey, labelValue, METRIC_NAME } from '#lib/model/labels.ts';
import type { SeriesRef } from '#lib/model/metrics.ts';
import { type BlockSeries, decodeMetricBlock, encodeMetricBlock } from '#lib/store/codec/metric-block.ts';
import { decodeRollup, encodeRollup, rollUp } from '#lib/store/codec/rollup.ts';
import { writeRequests } from './ingest-bodies.ts';

const GROUP_SIZE = 64;
const HOUR_MS = 3_600_000;
const STEP_MS = 15_000;
/** body length, samples, shard, raw length (uint32), time (double) */
const HEADER_BYTES = 24;

const KINDS: readonly { readonly name: string; readonly lengthMs: number; readonly everyMs: number }[] = [
  { name: 'day', lengthMs: 24 * HOUR_MS, everyMs: 24 * HOUR_MS },
  { name: '2 hours', lengthMs: 2 * HOUR_MS, everyMs: 2 * HOUR_MS },
  { name: '40 samples', lengthMs: 40 * STEP_MS, everyMs: HOUR_MS },
  { name: '20 samples', lengthMs: 20 * STEP_MS, everyMs: HOUR_MS },
];

interface Row {
  readonly ref: SeriesRef;
  readonly timestamps: Float64Array;
  readonly values: Float64Array;
}

function* savedBodies(file: string): Generator<Buffer> {
  const fd = openSync(file, 'r');
  const header = Buffer.alloc(HEADER_BYTES);
  for (;;) {
    const read = readSync(fd, header, 0, HEADER_BYTES, null);
    if (read === 0) break;
    const body = Buffer.alloc(read === HEADER_BYTES ? header.readUInt32LE(0) : 0);
    if (body.length === 0 || readSync(fd, body, 0, body.length, null) < body.length)
      throw new RangeError(`${file} ends in the middle of a body`);
    yield body;
  }
  closeSync(fd);
}

function* madeBodies(): Generator<Buffer> {
  let left = 640 * 24 * 240;
  for (const { bytes, items } of writeRequests(640, 640, STEP_MS, Date.UTC(2026, 0, 1))) {
    yield bytes;
    left -= items;
    if (left <= 0) return;
  }
}

/** All samples by series; throws where they are not in order of time, as blocks hold them. */
function readRows(bodies: Iterable<Buffer>): Row[] {
  const decoder = new RemoteWriteDecoder();
  const rows = new Map<
    string,
    { ref: SeriesRef; timestamps: number[]; values: Float64Array; count: number }
  >();
  for (const body of bodies) {
    const { batch } = decoder.decode(uncompress(body));
    if (batch.histograms?.length || batch.exemplars?.length)
      throw new RangeError('native histograms and exemplars are not measured here');
    batch.series.forEach((ref, s) => {
      let row = rows.get(ref.key);
      if (row === undefined) {
        row = { ref, timestamps: [], values: new Float64Array(1024), count: 0 };
        rows.set(ref.key, row);
      }
      for (let i = batch.offsets[s] ?? 0; i < (batch.offsets[s + 1] ?? 0); i++) {
        const at = batch.timestamps[i] ?? 0;
        if (at <= (row.timestamps.at(-1) ?? 0)) throw new RangeError(`${ref.key} is not in order of time`);
        row.timestamps.push(at);
        if (row.count === row.values.length) {
          const grown = new Float64Array(row.count * 2);
          grown.set(row.values);
          row.values = grown;
        }
        row.values.set(batch.values.subarray(i, i + 1), row.count++);
      }
    });
  }
  return [...rows.values()].map(({ ref, timestamps, values, count }) => ({
    ref,
    timestamps: Float64Array.from(timestamps),
    values: values.slice(0, count),
  }));
}

/** Up to 64 series of one metric, buckets of a histogram beside each other. */
function groupsOf(rows: readonly Row[]): Row[][] {
  const byMetric = Map.groupBy(rows, ({ ref }) => labelValue(ref.labels, METRIC_NAME));
  const withoutLe = new Map(
    rows.map(({ ref }) => [ref, labelsKey(ref.labels.filter(([name]) => name !== 'le'))]),
  );
  const le = ({ ref }: Row) => Number(labelValue(ref.labels, 'le').replace('+Inf', 'Infinity'));
  const order = (a: Row, b: Row) => {
    const [x = '', y = ''] = [withoutLe.get(a.ref), withoutLe.get(b.ref)];
    return x < y ? -1 : x > y ? 1 : le(a) - le(b);
  };
  return [...byMetric.values()].flatMap((list) =>
    Array.from({ length: Math.ceil(list.length / GROUP_SIZE) }, (_, i) =>
      list.slice(i * GROUP_SIZE, (i + 1) * GROUP_SIZE).sort(order),
    ),
  );
}

function cut(group: readonly Row[], from: number, to: number): BlockSeries[] {
  return group.flatMap(({ timestamps, values }, index) => {
    const start = timestamps.findIndex((at) => at >= from);
    if (start < 0) return [];
    const past = timestamps.subarray(start).findIndex((at) => at >= to);
    const end = past < 0 ? timestamps.length : start + past;
    return start === end
      ? []
      : [{ index, timestamps: timestamps.slice(start, end), values: values.slice(start, end) }];
  });
}

const samplesOf = (series: readonly BlockSeries[]) => series.reduce((n, s) => n + s.values.length, 0);

function cpuMs<T>(work: () => T): [result: T, ms: number] {
  const before = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(before);
  return [result, (user + system) / 1000];
}

const bytesEqual = (a: Float64Array, b: Float64Array) =>
  Buffer.from(a.buffer, a.byteOffset, a.byteLength).equals(Buffer.from(b.buffer, b.byteOffset, b.byteLength));

function assertEqual(given: readonly BlockSeries[], data: Uint8Array): void {
  const back = decodeMetricBlock(data);
  const isSame = given.every((s, k) => {
    const other = back[k];
    return (
      other?.index === s.index &&
      bytesEqual(other.timestamps, s.timestamps) &&
      bytesEqual(other.values, s.values)
    );
  });
  if (!isSame || back.length !== given.length) throw new Error('a block did not come back as it was');
}

const file = process.argv[2];
const groups = groupsOf(readRows(file === undefined ? madeBodies() : savedBodies(file)));
const starts = groups.flat().map(({ timestamps }) => timestamps[0] ?? 0);
const begin = Math.min(...starts);
const end = Math.max(...groups.flat().map(({ timestamps }) => timestamps.at(-1) ?? 0));
console.log(`${starts.length} series in ${groups.length} groups, ${(end - begin) / HOUR_MS} hours`);

for (const { name, lengthMs, everyMs } of KINDS) {
  const blocks: BlockSeries[][] = [];
  for (let from = begin; from <= end; from += everyMs)
    blocks.push(
      ...groups.map((group) => cut(group, from, from + lengthMs)).filter((block) => block.length > 0),
    );
  const samples = blocks.reduce((n, block) => n + samplesOf(block), 0);
  const speed = (ms: number) => (samples / ms / 1000).toFixed(1).padStart(6);
  const [data, encodeMs] = cpuMs(() => blocks.map((block) => encodeMetricBlock(block)));
  const decode = () => data.map((bytes) => decodeMetricBlock(bytes).length);
  const [, firstMs] = cpuMs(decode);
  decode();
  const [, laterMs] = cpuMs(decode);
  blocks.forEach((block, i) => {
    assertEqual(block, data[i] ?? new Uint8Array(0));
  });
  const bytes = data.reduce((n, d) => n + d.length, 0);
  console.log(
    `${name.padEnd(12)} ${String(data.length).padStart(6)} blocks  ${(bytes / samples).toFixed(3)} byte/sample` +
      `  encode ${speed(encodeMs)} M/s  decode ${speed(firstMs)} M/s at first, ${speed(laterMs)} M/s later`,
  );
}

for (const resolutionMs of [HOUR_MS / 12, HOUR_MS]) {
  const rows = groups.map((group) => cut(group, begin, end + 1));
  const samples = rows.reduce((n, block) => n + samplesOf(block), 0);
  const [data, encodeMs] = cpuMs(() =>
    rows.map((block) => encodeRollup(block.map((series) => rollUp(series, resolutionMs)))),
  );
  const [, decodeMs] = cpuMs(() => data.map((bytes) => decodeRollup(bytes).length));
  const bytes = data.reduce((n, d) => n + d.length, 0);
  const speed = (ms: number) => (samples / ms / 1000).toFixed(1).padStart(6);
  console.log(
    `${`rollup ${resolutionMs / 60_000} min`.padEnd(12)} ${String(data.length).padStart(6)} blocks  ` +
      `${(bytes / samples).toFixed(3)} byte/sample  encode ${speed(encodeMs)} M/s  decode ${speed(decodeMs)} M/s`,
  );
}
