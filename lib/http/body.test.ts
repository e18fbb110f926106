import { deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { isFault } from '#lib/model/fault.ts';
import { readBody, readJson, streamBody } from './body.ts';

const limits = { maxBytes: 1000, encodings: ['gzip', 'deflate', 'zstd'] as const };

function post(body: Uint8Array | string | ReadableStream, headers: Record<string, string> = {}): Request {
  return new Request('http://127.0.0.1/x', {
    method: 'POST',
    body: body as BodyInit,
    headers,
    duplex: 'half',
  } as RequestInit);
}

function pieces(...parts: Uint8Array[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const part of parts) controller.enqueue(part);
      controller.close();
    },
  });
}

async function statusOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return 'ok';
  } catch (error) {
    return isFault(error) ? `${error.status} ${error.code}` : String(error);
  }
}

describe('readBody', () => {
  const text = Buffer.from('a body of some words, a body of some words');

  test.each([
    ['identity', text],
    ['gzip', gzipSync(text)],
    ['deflate', deflateSync(text)],
    ['zstd', zstdCompressSync(text)],
  ])('takes %s', async (encoding, sent) => {
    const body = await readBody(post(sent, { 'content-encoding': encoding }), limits);
    expect(Buffer.from(body)).toEqual(text);
  });

  test('joins pieces', async () => {
    expect(
      Buffer.from(await readBody(post(pieces(Buffer.from('ab'), Buffer.from('cd'))), limits)).toString(),
    ).toBe('abcd');
  });

  test.each([
    ['a declared length over the limit', post('x', { 'content-length': '5000' }), '413 body-too-large'],
    [
      'more bytes than the limit',
      post(pieces(new Uint8Array(600), new Uint8Array(600))),
      '413 body-too-large',
    ],
    ['a bomb', post(gzipSync(Buffer.alloc(5_000_000)), { 'content-encoding': 'gzip' }), '413 body-too-large'],
    ['an encoding that is not taken', post('x', { 'content-encoding': 'br' }), '415 unsupported-encoding'],
    [
      'bytes that are not what the header says',
      post('plain', { 'content-encoding': 'gzip' }),
      '400 malformed-encoding',
    ],
    ['a body that ends early', post('abc', { 'content-length': '9' }), '400 body-cut-off'],
  ])('refuses %s', async (_what, request, expected) => {
    // Each case is about the limit, not the fixture: a gzip of five million zeros is itself below it only with room.
    expect(
      await statusOf(
        readBody(request, { ...limits, maxBytes: _what === 'a bomb' ? 100_000 : limits.maxBytes }),
      ),
    ).toBe(expected);
  });
});

describe('streamBody', () => {
  const log = Buffer.from('line\n'.repeat(50_000));

  test.each([
    ['plain', pieces(log.subarray(0, 1), log.subarray(1, 70_000), log.subarray(70_000))],
    ['gzip without a header that says so', pieces(gzipSync(log).subarray(0, 1), gzipSync(log).subarray(1))],
  ])('gives back %s', async (_what, body) => {
    const parts: Uint8Array[] = [];
    for await (const part of streamBody(post(body))) parts.push(part);
    expect(Buffer.concat(parts).equals(log)).toBe(true);
  });

  test('names broken gzip', async () => {
    const broken = Buffer.concat([gzipSync(log).subarray(0, 30), Buffer.alloc(500, 7)]);
    const drain = async () => {
      for await (const part of streamBody(post(broken))) expect(part.byteLength).toBeGreaterThan(0);
    };
    expect(await statusOf(drain())).toBe('400 malformed-encoding');
  });
});

describe('JSON', () => {
  test('refuses another content type', async () => {
    expect(await statusOf(readJson(post('{}', { 'content-type': 'text/html' })))).toBe(
      '415 unsupported-type',
    );
    expect(await statusOf(readJson(post('{', { 'content-type': 'application/json' })))).toBe(
      '400 malformed-json',
    );
    expect(await readJson(post('{"a":1}', { 'content-type': 'application/json; charset=utf-8' }))).toEqual({
      a: 1,
    });
  });
});
