import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isFault } from '#lib/model/fault.ts';
import { parse } from './parse.ts';
import { print } from './print.ts';

function problem(query: string): string {
  try {
    parse(query);
  } catch (error) {
    if (isFault(error) && error.code === 'bad_data' && error.status === 400) return error.message;
    throw error;
  }
  return '';
}

describe('canonical form', () => {
  test.each([
    ['SUM (rate(a{b!="c"}[5m])) BY (x,)', 'sum by (x) (rate(a{b!="c"}[5m]))'],
    ['a offset -5m @ 10', 'a @ 10 offset -5m'],
    ['a + b offset 5m', 'a + b offset 5m'],
    ['-a offset 5m', '-a offset 5m'],
    ['a[5m:] @ end()', 'a[5m:] @ end()'],
    ['{"http.requests", "le.vel"=~"x|y"}', '{"http.requests", "le.vel"=~"x|y"}'],
    ['a>bool on()b', 'a > bool on () b'],
    ['a * ignoring(x) group_right(y, z) b', 'a * ignoring (x) group_right (y, z) b'],
    ['topk(3, a)', 'topk(3, a)'],
    ['2. * .5', '2 * .5'],
    ['"it\'s" # why', '"it\'s"'],
    ['sum(count)', 'sum(count)'],
  ])('%s', (query, canonical) => {
    expect(print(parse(query))).toBe(canonical);
    expect(print(parse(canonical))).toBe(canonical);
  });

  test('a long query is broken at calls and operators', () => {
    const query = `sum by (job) (rate(http_requests_total{code=~"5..", handler="/api/v1/orders"}[5m])) / sum by (job) (rate(http_requests_total[5m]))`;
    expect(print(parse(query))).toBe(
      [
        '  sum by (job) (rate(http_requests_total{code=~"5..", handler="/api/v1/orders"}[5m]))',
        '/',
        '  sum by (job) (rate(http_requests_total[5m]))',
      ].join('\n'),
    );
  });
});

describe('binding', () => {
  test('^ binds tighter than the sign, a suffix tighter than either', () => {
    expect(parse('-2 ^ 2')).toMatchObject({ kind: 'unary', expr: { kind: 'binary', op: '^' } });
    expect(parse('2 ^ -1 ^ 2')).toMatchObject({ op: '^', right: { kind: 'unary', expr: { op: '^' } } });
    expect(parse('-a offset 5m')).toMatchObject({
      kind: 'unary',
      expr: { kind: 'selector', shift: { offset: { ms: 300_000 } } },
    });
    expect(parse('a * b @ 3')).toMatchObject({
      left: { shift: { at: undefined } },
      right: { shift: { at: 3000 } },
    });
  });

  test('a suffix does not pull apart what follows it', () => {
    expect(parse('a + b offset 5m * c')).toMatchObject({
      op: '+',
      right: { op: '*', left: { shift: { offset: { ms: 300_000 } } } },
    });
    expect(parse('a and b @ 3 == c or -d offset 1m ^ 2')).toMatchObject({
      op: 'or',
      left: { op: 'and', right: { op: '==', left: { shift: { at: 3000 } } } },
      right: { kind: 'unary', expr: { op: '^', left: { kind: 'selector' } } },
    });
  });

  test('the operators keep Prometheus precedence', () => {
    expect(parse('a or b and c == d + e * f')).toMatchObject({
      op: 'or',
      right: { op: 'and', right: { op: '==', right: { op: '+', right: { op: '*' } } } },
    });
    expect(parse('a - b - c')).toMatchObject({ op: '-', left: { op: '-' } });
  });
});

describe('errors say where and what to do', () => {
  test.each([
    ['', '1:1: parse error: no expression found in input'],
    ['# nothing', '1:1: parse error: no expression found in input'],
    ['foo bar', '1:5: parse error: unexpected "bar"'],
    ['sum(\n  a', '2:4: parse error: unexpected end of input: "(" is never closed; add ")"'],
    ['rate(a[5m)', '1:10: parse error: unexpected ")"'],
    ['nosuch(a)', '1:1: parse error: unknown function with name "nosuch"'],
    [
      'RATE(a[5m])',
      '1:1: parse error: unknown function with name "RATE"; function names are lower case: rate',
    ],
    [
      'rate(a)',
      '1:6: parse error: expected type range vector in call to function "rate", got instant vector; add a range such as [5m]',
    ],
    [
      'a[5m] + 1',
      '1:1: parse error: binary expression must contain only scalar and instant vector types, got range vector',
    ],
    ['1 == 1', '1:1: parse error: comparisons between scalars must use BOOL modifier'],
    ['a + bool b', '1:1: parse error: bool modifier can only be used on comparison operators'],
    ['a and 1', '1:1: parse error: set operator "and" not allowed in binary scalar expression'],
    ['1 + on(a) b', '1:1: parse error: vector matching only allowed between instant vectors'],
    [
      'a * on(x) group_left(x) b',
      '1:1: parse error: label "x" must not occur in ON and GROUP clause at once',
    ],
    ['a and on(x) group_left b', '1:7: parse error: no grouping allowed for "and" operation'],
    ['{a=~".*"}', '1:1: parse error: vector selector must contain at least one non-empty matcher'],
    ['a{__name__="b"}', '1:1: parse error: metric name must not be set twice: "a" or "b"'],
    ['a offset 1m offset 2m', '1:1: parse error: offset may not be set multiple times'],
    [
      'sum(a) offset 1m',
      '1:1: parse error: offset modifier must be preceded by an instant vector selector or range vector selector or a subquery',
    ],
    ['a[0s]', '1:3: parse error: duration must be greater than 0'],
    ['"a', '1:1: parse error: unterminated quoted string; close the quote'],
    [
      'topk(a)',
      '1:1: parse error: wrong number of arguments for aggregate expression provided, expected 2, got 1',
    ],
    ['clamp(a, 1)', '1:1: parse error: expected 3 argument(s) in call to "clamp", got 2'],
    ['héé bar', '1:2: parse error: unexpected "é"'],
  ])('%s', (query, message) => {
    expect(problem(query)).toBe(message);
  });

  test('a regex that is only valid between other parentheses is refused', () => {
    expect(problem('a{b=~"x)(y"}')).toContain('error parsing regexp');
  });

  test('what is known but not supported is refused, not ignored', () => {
    expect(problem('start_timestamp(a)')).toContain('not stored');
    expect(problem('holt_winters(a[5m], 0.5, 0.5)')).toContain('double_exponential_smoothing');
  });

  test.each([
    ['a[5m] anchored', ''],
    ['rate(a[5m] smoothed offset 1m)', ''],
    ['a smoothed', ''],
    ['rate(a[5m] anchored smoothed)', 'cannot be used together'],
    ['a anchored', 'only be used with range vectors'],
    ['avg_over_time(a[5m] anchored)', 'can only be used with: changes, delta, increase, rate, resets'],
    ['changes(a[5m] smoothed)', 'can only be used with: delta, increase, rate - not with changes'],
    ['a + fill(0) b', ''],
    ['a + on(x) group_left fill_left(-1) fill_right(2) b', ''],
    ['a and fill(0) b', 'fill'],
    ['a + fill(0) 1', 'fill'],
    ['a </ 2', ''],
    ['1 >/ 2', 'not allowed in Scalar operations'],
    ['info(a)', ''],
    ['info(a, {data=~".*"})', ''],
    ['info(a, b)', 'label selectors only'],
  ])('%s: %s', (query, message) => {
    if (message === '') {
      expect(problem(query)).toBe('');
      const printed = print(parse(query));
      expect(print(parse(printed))).toBe(printed);
    } else expect(problem(query)).toContain(message);
  });
});

describe('strings and numbers', () => {
  test.each([
    [String.raw`"a\tb\x41\u00e9\101"`, 'a\tbAéA'],
    ['`raw\\n`', 'raw\\n'],
    [String.raw`'it\'s'`, "it's"],
  ])('%s', (query, value) => {
    expect(parse(query)).toMatchObject({ kind: 'string', value, isUtf8: true });
  });

  test('bytes that are not UTF-8 are marked', () => {
    expect(parse(String.raw`"a\xc5z"`)).toMatchObject({ isUtf8: false });
  });

  test.each([
    ['0x1F', 31],
    ['017', 15],
    ['1_000', 1000],
    ['1h30m', 5400],
    ['-.5e1', -5],
    ['2.', 2],
    ['iNf', Number.POSITIVE_INFINITY],
  ])('%s is %d', (query, value) => {
    expect(parse(query)).toMatchObject({ value });
  });

  test('durations may be calculated', () => {
    expect(parse('a[5m * 2 + 30]')).toMatchObject({ range: { ms: 630_000 } });
    expect(parse('a[max_of(step(), 2m)]', { stepMs: 240_000, rangeMs: 0 })).toMatchObject({
      range: { ms: 240_000 },
    });
  });
});

describe('any text', () => {
  const token = fc.constantFrom(
    ...'( ) [ ] { } , = =~ != == + - * / ^ % : @ offset by without on bool sum rate topk and or a b "x" 5m 1 2. inf # \n'.split(
      ' ',
    ),
  );

  test('either parses or is refused as bad_data, at once', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(token, { maxLength: 30 }).map((parts) => parts.join(' ')),
        ),
        (query) => {
          problem(query);
        },
      ),
      { numRuns: 2000 },
    );
  });

  test('what parses keeps its meaning when printed', () => {
    fc.assert(
      fc.property(fc.array(token, { minLength: 1, maxLength: 12 }), (parts) => {
        const query = parts.join(' ');
        if (problem(query)) return;
        const printed = print(parse(query));
        expect(print(parse(printed))).toBe(printed);
      }),
      { numRuns: 2000 },
    );
  });

  test('truncated and mutated queries do not crash it', () => {
    const query =
      'histogram_quantile(0.9, sum by (le, "a.b") (rate(x{le!~"a|b"}[5m] offset -1h))) / on(job) group_left(v) a @ end()';
    fc.assert(
      fc.property(
        fc.nat(query.length),
        fc.nat(query.length),
        fc.string({ maxLength: 3 }),
        (from, length, inserted) => {
          problem(query.slice(0, from) + inserted + query.slice(from + length));
        },
      ),
      { numRuns: 1000 },
    );
  });

  test('hostile sizes are refused quickly', () => {
    for (const query of ['('.repeat(99_000), '-'.repeat(99_000), 'a '.repeat(49_000), 'a'.repeat(200_000)]) {
      const start = performance.now();
      expect(problem(query)).not.toBe('');
      expect(performance.now() - start).toBeLessThan(1000);
    }
  });
});
