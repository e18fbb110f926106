import { ByteReader, ByteWriter } from './bytes.ts';
import { pack, unpack } from './json.ts';

const VERSION = 1;

/** One operation of one service within a trace. */
export interface SummaryGroup {
  readonly service: string;
  readonly operation: string;
  readonly failed: boolean;
  readonly minDurationUs: number;
  readonly maxDurationUs: number;
}

/** What a search needs to know of a trace before it is read in full. Times in µs, rounded. */
export interface TraceSummary {
  readonly traceId: string;
  readonly startUs: number;
  readonly endUs: number;
  readonly groups: readonly SummaryGroup[];
}

export function encodeSummaries(summaries: readonly TraceSummary[]): Uint8Array<ArrayBuffer> {
  const out = new ByteWriter(summaries.length * 64);
  out.byte(VERSION);
  out.varint(summaries.length);
  let previous = 0;
  for (const { traceId, startUs, endUs, groups } of summaries) {
    out.newText(traceId);
    out.zigzag(startUs - previous);
    previous = startUs;
    out.varint(endUs - startUs);
    out.varint(groups.length);
    for (const group of groups) {
      out.text(group.service);
      out.text(group.operation);
      out.varint(group.minDurationUs * 2 + (group.failed ? 1 : 0));
      out.varint(group.maxDurationUs - group.minDurationUs);
    }
  }
  return pack(out.finish());
}

export function decodeSummaries(data: Uint8Array): TraceSummary[] {
  const input = new ByteReader(unpack(data));
  const version = input.byte();
  if (version !== VERSION) throw new RangeError(`trace summaries of version ${version}`);
  const summaries: TraceSummary[] = [];
  let startUs = 0;
  for (let n = input.count(); n > 0; n--) {
    const traceId = input.newText();
    startUs += input.zigzag();
    const endUs = startUs + input.varint();
    const groups: SummaryGroup[] = [];
    for (let g = input.count(); g > 0; g--) {
      const service = input.text();
      const operation = input.text();
      const minAndFailed = input.varint();
      const minDurationUs = Math.floor(minAndFailed / 2);
      groups.push({
        service,
        operation,
        failed: minAndFailed % 2 === 1,
        minDurationUs,
        maxDurationUs: minDurationUs + input.varint(),
      });
    }
    summaries.push({ traceId, startUs, endUs, groups });
  }
  return summaries;
}
