import { describe, expect, test } from 'vitest';
import { ProtoReader } from '../protobuf/reader.ts';
import { otlpContentType, otlpError, otlpMetricsResponse, otlpTraceResponse } from './answers.ts';

const text = (body: Uint8Array) => JSON.parse(Buffer.from(body).toString());

describe('google.rpc.Status', () => {
  test.each([
    [400, 3],
    [401, 16],
    [413, 3],
    [415, 3],
    [418, 3],
    [429, 8],
    [500, 13],
    [503, 14],
  ])('HTTP %i is code %i in both encodings', (status, code) => {
    expect(text(otlpError(status, 'why "é"', 'json'))).toEqual({ code, message: 'why "é"' });
    const reader = new ProtoReader(otlpError(status, 'why "é"', 'protobuf'));
    expect([reader.tag(), reader.int64(), reader.tag(), reader.string()]).toEqual([
      0x08,
      code,
      0x12,
      'why "é"',
    ]);
    expect(reader.more()).toBe(false);
  });
});

describe('ExportTraceServiceResponse', () => {
  test('all taken: empty', () => {
    expect(text(otlpTraceResponse(0, '', 'json'))).toEqual({});
    expect(otlpTraceResponse(0, '', 'protobuf')).toHaveLength(0);
  });

  test('partial success', () => {
    expect(text(otlpTraceResponse(10, 'bad ids', 'json'))).toEqual({
      partialSuccess: { rejectedSpans: '10', errorMessage: 'bad ids' },
    });
    const reader = new ProtoReader(otlpTraceResponse(10, 'bad ids', 'protobuf'));
    expect(reader.tag()).toBe(0x0a);
    reader.enter();
    expect([reader.tag(), reader.int64(), reader.tag(), reader.string()]).toEqual([
      0x08,
      10,
      0x12,
      'bad ids',
    ]);
    expect(reader.more()).toBe(false);
  });
});

test('ExportMetricsServiceResponse counts data points', () => {
  expect(text(otlpMetricsResponse(2, 'delta', 'json'))).toEqual({
    partialSuccess: { rejectedDataPoints: '2', errorMessage: 'delta' },
  });
  expect(otlpMetricsResponse(2, 'delta', 'protobuf')).toEqual(otlpTraceResponse(2, 'delta', 'protobuf'));
});

test('content types', () => {
  expect(otlpContentType('json')).toBe('application/json');
  expect(otlpContentType('protobuf')).toBe('application/x-protobuf');
});
