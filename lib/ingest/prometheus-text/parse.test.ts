import { collectDefaultMetrics, Registry } from 'prom-client';
import { describe, expect, test } from 'vitest';
import { makeLabels } from '#lib/model/labels.ts';
import { loose, NOW, samplesOf, strict } from './parse.testing.ts';

const named = (name: string, labels: Record<string, string> = {}) =>
  makeLabels([['__name__', name], ...Object.entries(labels)]);

describe('Prometheus text 0.0.4', () => {
  test('samples, metadata, comments and blank lines', () => {
    const batch = loose(
      [
        '# HELP http_requests_total The total\\nnumber \\\\ of requests.',
        '# TYPE http_requests_total counter',
        'http_requests_total{method="post",code="200"} 1027 1395066363000',
        'http_requests_total{method="post",code="200"} 1030 1395066378000',
        '',
        '# a comment',
        '#TYPE is one too',
        'msdos_file_access_time_seconds{path="C:\\\\DIR\\\\FILE.TXT",error="Cannot find file:\\n\\"FILE.TXT\\""} 1.458255915e9',
        'metric_without_timestamp_and_labels 12.47',
        'something_weird{problem="division by zero"} +Inf -3982045',
        '# TYPE x untyped',
        '  x { a = "1" , } \t nan \r',
      ].join('\n'),
    );
    expect(samplesOf(batch)).toEqual([
      [named('http_requests_total', { method: 'post', code: '200' }), 1395066363000, 1027],
      [named('http_requests_total', { method: 'post', code: '200' }), 1395066378000, 1030],
      [
        named('msdos_file_access_time_seconds', {
          path: 'C:\\DIR\\FILE.TXT',
          error: 'Cannot find file:\n"FILE.TXT"',
        }),
        NOW,
        1.458255915e9,
      ],
      [named('metric_without_timestamp_and_labels'), NOW, 12.47],
      [named('something_weird', { problem: 'division by zero' }), -3982045, Number.POSITIVE_INFINITY],
      [named('x', { a: '1' }), NOW, Number.NaN],
    ]);
    expect(batch.series).toHaveLength(5);
    expect(batch.metadata).toEqual([
      { name: 'http_requests_total', type: 'counter', help: 'The total\nnumber \\ of requests.', unit: '' },
      { name: 'x', type: 'unknown', help: '', unit: '' },
    ]);
  });

  test('quoted names of Prometheus 3', () => {
    const text = '# TYPE "http.requests" gauge\n{"http.requests","a.b"="1",c="2"} 5\n';
    expect(samplesOf(loose(text))).toEqual([[named('http.requests', { 'a.b': '1', c: '2' }), NOW, 5]]);
    expect(loose(text).metadata[0]?.name).toBe('http.requests');
  });

  test('a label called __proto__ is a label', () => {
    const [sample] = samplesOf(loose('a{__proto__="x",constructor="🦆"} 1'));
    expect(sample?.[0]).toEqual([
      ['__name__', 'a'],
      ['__proto__', 'x'],
      ['constructor', '🦆'],
    ]);
  });

  test('an empty text', () => {
    expect(samplesOf(loose(''))).toEqual([]);
    expect(samplesOf(loose('\n\n# nothing\n'))).toEqual([]);
  });

  test.each([
    ['a', 'the sample has no value'],
    ['a{b="1" 1', 'no closing brace'],
    ['a{b="1} 1', 'no closing brace'],
    ['a{b=1} 1', "the value of label 'b' is not quoted"],
    ['a{b} 1', "label 'b' has no '='"],
    ['a{b="1"c="2"} 1', 'not separated by a comma'],
    ['a{b="1",b="2"} 1', 'a label stands twice'],
    ['a{1b="1"} 1', "'1b' is not a label name"],
    ['0a 1', "'0a' is not a metric name"],
    ['{b="1"} 1', "'' is not a metric name"],
    ['a{"b"} 1', 'two names'],
    ['a one', "value 'one' is not a number"],
    ['a 0x10', "value '0x10' is not a number"],
    ['a 1_000', "value '1_000' is not a number"],
    ['a 1 1.5', "timestamp '1.5' is not a whole number"],
    ['a 1 2 3', "'3' stands behind the timestamp"],
    ['a 1 # {id="x"} 1', 'stands behind the timestamp; exemplars need the OpenMetrics content type'],
    ['# TYPE a meter', "'meter' is not a metric type"],
    [`a{b="${'x'.repeat(16_385)}"} 1`, 'more than 16384 bytes'],
    [`a{${Array.from({ length: 64 }, (_, i) => `l${i}="x"`).join()}} 1`, '65 labels'],
  ])('%s', (line, message) => {
    expect(() => loose(`good 1\n\n${line}\ngood 2\n`)).toThrow(
      expect.objectContaining({
        status: 400,
        code: 'bad-exposition',
        message: expect.stringMatching(/^line 3: /),
        details: { line: 3 },
      }),
    );
    expect(() => loose(line)).toThrow(message);
  });

  test('what prom-client writes', async () => {
    const registry = new Registry();
    collectDefaultMetrics({ register: registry });
    const batch = loose(await registry.metrics());
    expect(batch.series.length).toBeGreaterThan(20);
    expect(batch.metadata).toContainEqual(
      expect.objectContaining({ name: 'process_cpu_user_seconds_total', type: 'counter' }),
    );
    expect(new Set(batch.timestamps)).toEqual(new Set([NOW]));
  });
});

describe('OpenMetrics 1.0', () => {
  test('seconds become milliseconds, metadata is named like the samples, and created times are samples', () => {
    const batch = strict(
      `# TYPE rpc counter
# HELP rpc Calls
rpc_total{code="200"} 17 1520879607.789 # {trace_id="KOO5S4vxi0o"} 0.67
rpc_total{code="200"} 18 1520879608
rpc_created{code="200"} 1520430000.123 1520879608
# TYPE build info
build_info{version="1"} 1
# TYPE latency_seconds histogram
# UNIT latency_seconds seconds
latency_seconds_bucket{le="0.1"} 1
latency_seconds_bucket{le="+Inf"} 2
latency_seconds_sum 0.7
latency_seconds_count 2
plain 5
# EOF
`,
    );
    expect(samplesOf(batch).map(([labels, at, value]) => [labels[0]?.[1], at, value])).toEqual([
      ['rpc_total', 1520879607789, 17],
      ['rpc_total', 1520879608000, 18],
      ['rpc_created', 1520879608000, 1520430000.123],
      ['build_info', NOW, 1],
      ['latency_seconds_bucket', NOW, 1],
      ['latency_seconds_bucket', NOW, 2],
      ['latency_seconds_sum', NOW, 0.7],
      ['latency_seconds_count', NOW, 2],
      ['plain', NOW, 5],
    ]);
    expect(batch.metadata).toEqual([
      { name: 'rpc_total', type: 'counter', help: 'Calls', unit: '' },
      { name: 'build_info', type: 'info', help: '', unit: '' },
      { name: 'latency_seconds', type: 'histogram', help: '', unit: 'seconds' },
    ]);
    expect(batch.rejected).toEqual([]);
  });

  test('exemplars, at their own time or that of their sample', () => {
    const batch = strict(
      `# TYPE rpc counter
rpc_total{code="200"} 17 1520879607 # {trace_id="abc",span_id="d"} 0.5 1520879606.125
rpc_total{code="500"} 1 # {} 2
# TYPE size histogram
size_bucket{le="1"} 1
size_bucket{le="+Inf"} 2 # {trace_id="x"} 3
# EOF
`,
    );
    expect(batch.rejected).toEqual([]);
    expect(batch.exemplars).toEqual([
      {
        series: 0,
        exemplar: {
          labels: [
            ['span_id', 'd'],
            ['trace_id', 'abc'],
          ],
          value: 0.5,
          timestamp: 1520879606125,
        },
      },
      { series: 1, exemplar: { labels: [], value: 2, timestamp: NOW } },
      { series: 3, exemplar: { labels: [['trace_id', 'x']], value: 3, timestamp: NOW } },
    ]);
  });

  test('of samples with one label set and time the first is kept', () => {
    const text = '# TYPE a gauge\na{x="1",y="2"} 1 5\na{y="2",x="1"} 2 5\na{x="1",y="2"} 3 6\n# EOF\n';
    expect(samplesOf(strict(text)).map(([, , value]) => value)).toEqual([1, 3]);
  });

  const histogram = (...lines: string[]) => `# TYPE a histogram\n${lines.join('\n')}\n`;
  test.each([
    ['', 'does not end with # EOF'],
    ['a 1', 'does not end with # EOF'],
    ['a 1\n# EOF\n\n', 'behind # EOF'],
    ['a  1\n# EOF', 'no value'],
    [' a 1\n# EOF', 'begins with a blank'],
    ['a{"b"="1"} 1\n# EOF', "'' is not a label name"],
    ['a{b="1", c="2"} 1\n# EOF', "'' is not a label name"],
    ['# TYPE a untyped\n# EOF', "'untyped' is not a metric type"],
    ['# TYPE a-b gauge\n# EOF', "'a-b' is not a metric name"],
    ['# TYPE a_created gauge\n# TYPE a counter\n# EOF', "'a_created' belongs to two"],
    ['# TYPE a counter\na_total -1\n# EOF', '_total must not be negative'],
    ['# TYPE a counter\na_total 1 # {b="c"} 1 Inf\n# EOF', "timestamp 'Inf'"],
    ['# TYPE a counter\na_total 1# {b="c"} 1\n# EOF', 'behind the timestamp'],
    ['# TYPE a gauge\na 1 # {b="c"} 1\n# EOF', 'only counters and histogram buckets'],
    ['# TYPE a stateset\na{a="x"} 0.5\n# EOF', '0 or 1'],
    ['# TYPE a summary\na{quantile="foo"} 0\n# EOF', "quantile 'foo' is not a number"],
    [histogram('a_bucket{le="NaN"} 0', '# EOF'), 'must not be NaN'],
    [histogram('a_bucket{le="+Inf"} 0.5', '# EOF'), 'whole number'],
    [histogram('a_bucket{le="1"} 0', '# EOF'), 'no bucket le="+Inf"'],
    [histogram('a_bucket{le="+Inf"} 1', 'a_count 2', 'a_sum 1', '# EOF'), 'not the value of the bucket'],
    [histogram('a_bucket{le="+Inf"} 1', 'a_count 1', '# EOF'), 'a count but no sum'],
    ['a 1 1\na 1 0\n# EOF', 'go backwards'],
  ])('%j', (text, message) => {
    expect(() => strict(text)).toThrow(message);
  });
});
