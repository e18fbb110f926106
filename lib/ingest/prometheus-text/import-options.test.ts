import { describe, expect, test } from 'vitest';
import { importOptions, textOf } from './import-options.ts';
import { samplesOf } from './parse.testing.ts';
import { parseExposition } from './parse.ts';

const NOW = 1_700_000_000_000;
const importText = (text: string, query: string, type = 'text/plain') =>
  samplesOf(parseExposition(text, importOptions(new URLSearchParams(query), type, NOW)));

test('timestamp stands in where a sample tells none', () => {
  const times = importText('a 1\nb 2 5\n', 'timestamp=1234').map(([, at]) => at);
  expect(times).toEqual([1234, 5]);
});

test('extra labels win over those of the text, for the metric name too', () => {
  const query = 'extra_label=job=imported&extra_label=path=/a=b&extra_label=__name__=other';
  expect(importText('a{job="x",z="1"} 1\n', query).map(([labels]) => labels)).toEqual([
    [
      ['__name__', 'other'],
      ['job', 'imported'],
      ['path', '/a=b'],
      ['z', '1'],
    ],
  ]);
});

test('the rules of OpenMetrics hold for the text as it came', () => {
  const text = '# TYPE a stateset\na{a="x"} 1\n# EOF\n';
  expect(importText(text, 'extra_label=a=y', 'application/openmetrics-text')).toHaveLength(1);
});

describe('refused', () => {
  test.each([
    ['timestamp=now', 'timestamp'],
    ['timestamp=-1', 'timestamp'],
    ['extra_label=x', 'name=value'],
    ['extra_label==x', 'name=value'],
    ['extra_label=a=1&extra_label=a=2', 'twice'],
    [`extra_label=a=${'x'.repeat(20_000)}`, 'bytes'],
  ])('%s', (query, message) => {
    expect(() => importText('a 1\n', query)).toThrow(
      expect.objectContaining({ status: 400, message: expect.stringContaining(message) }),
    );
  });

  test('text that is not UTF-8', () => {
    expect(() => textOf(Uint8Array.from([0x61, 0xff]))).toThrow(
      expect.objectContaining({ status: 400, code: 'invalid-utf8' }),
    );
    expect(textOf(Buffer.from('größe'))).toBe('größe');
  });
});
