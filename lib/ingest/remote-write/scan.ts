import type { SeriesRef } from '#lib/model/metrics.ts';
import type { ProtoReader } from '../protobuf/reader.ts';
import type { SampleColumns } from '../sample-columns.ts';
import type { ByteCache } from './byte-cache.ts';

const TIMESERIES = 0x0a;
const LABELS = 0x0a;
const SAMPLES = 0x12;
const VALUE = 0x09;
const TIMESTAMP = 0x10;
/** tag, value, tag, time: the usual sample */
const TIME_BYTES = 6;

/**
 * Passes over series of remote_write 1.0 as every sender writes them: known labels first, then nothing but samples
 * with times between 1971 and 2109. Stops at the first that is otherwise, and leaves that one to the thorough
 * decoder. No object is made on the way.
 * @param limit no series is begun at or behind it
 */
export function scanSeries(
  reader: ProtoReader,
  known: ByteCache<SeriesRef>,
  columns: SampleColumns,
  limit: number,
): void {
  const { bytes, view, end } = reader;
  let pos = reader.pos;
  let seenLow = 0;
  let seenHigh = 0;
  let time = 0;
  while (pos + 3 < end && pos < limit && bytes[pos] === TIMESERIES) {
    let at = pos + 1;
    let length = bytes[at++] ?? 0;
    if (length > 0x7f) {
      const more = bytes[at++] ?? 0;
      if (more > 0x7f) break;
      length = (length & 0x7f) | (more << 7);
    }
    const stop = at + length;
    if (stop > end) break;
    const start = at;
    at += known.follow(view, start, stop);
    let series: SeriesRef | undefined;
    if (at > start && (at === stop || bytes[at] !== LABELS)) series = known.followed();
    else {
      at = labelsEnd(bytes, start, stop);
      if (at > stop) break;
      series = known.get(bytes, view, start, at);
    }
    if (series === undefined) break;
    if (at < stop) {
      columns.begin(series);
      while (at < stop && bytes[at] === SAMPLES) {
        const sampleEnd = at + 2 + (bytes[at + 1] ?? 0);
        if (sampleEnd > stop) break;
        let i = at + 2;
        let low = 0;
        let high = 0;
        // Zero is not written.
        if (i + 9 <= sampleEnd && bytes[i] === VALUE) {
          low = view.getInt32(i + 1, true);
          high = view.getInt32(i + 5, true);
          i += 9;
        }
        if (i + 1 + TIME_BYTES !== sampleEnd || bytes[i] !== TIMESTAMP) break;
        const timeLow = view.getInt32(i + 1, true);
        const timeHigh = view.getUint16(i + 5, true);
        if (timeLow !== seenLow || timeHigh !== seenHigh) {
          if ((timeLow & 0x80808080) !== (0x80808080 | 0) || (timeHigh & 0x8080) !== 0x80) break;
          seenLow = timeLow;
          seenHigh = timeHigh;
          time = sixByteVarint(timeLow, timeHigh);
        }
        columns.pushWords(time, low, high);
        at = sampleEnd;
      }
      if (at !== stop) {
        columns.takeBack();
        break;
      }
    }
    pos = stop;
  }
  reader.pos = pos;
}

/** Where the label fields end; beyond `stop` when that is not plain to see. */
function labelsEnd(bytes: Buffer, start: number, stop: number): number {
  let at = start;
  while (at < stop && bytes[at] === LABELS) {
    const length = bytes[at + 1] ?? 0;
    if (length <= 0x7f) at += 2 + length;
    else {
      const more = bytes[at + 2] ?? 0;
      if (more > 0x7f) return stop + 1;
      at += 3 + ((length & 0x7f) | (more << 7));
    }
  }
  return at;
}

function sixByteVarint(low: number, high: number): number {
  const first = (low & 0x7f) | ((low >>> 1) & 0x3f80) | ((low >>> 2) & 0x1fc000) | ((low >>> 3) & 0xfe00000);
  return ((high & 0x7f) | ((high >>> 1) & 0x3f80)) * 0x10000000 + first;
}
