import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { maskLiterals } from './mask.ts';
import { normaliseStatement } from './normalise.ts';
import type { SqlDialect } from './tokens.ts';

const pg = (sql: string): string => normaliseStatement(sql, 'postgresql').text;
const my = (sql: string): string => normaliseStatement(sql, 'mysql').text;

describe('PostgreSQL', () => {
  test.each([
    [
      "SELECT 'it''s', E'a\\'b', U&'d\\0061', b'01', x'ff', N'x', $$q$$, $t$ 'q' $$ $t$",
      'SELECT ?, ?, ?, ?, ?, ?, ?, ?',
    ],
    ['select 1, -1, 1.5e-3, .5, 0xFF, 1_000', 'select ?, ?, ?, ?, ?, ?'],
    ['select a-1, a - -1, (-1), a*-b', 'select a - ?, a - ?, (?), a * - b'],
    ["select 'a'\n  'b'", 'select ?'],
    ['SELECT  *\n\tFROM   t -- 4711\nWHERE a=1;', 'SELECT * FROM t WHERE a = ?'],
    ['SELECT /* 4711 /* nested */ still */ 1', 'SELECT ?'],
    ["SELECT '2020-01-01'::date, CAST($1 AS int), a::int[]", 'SELECT ?::date, CAST(? AS int), a::int[]'],
    ['SELECT "a""b"."C" FROM "T"', 'SELECT "a""b"."C" FROM "T"'],
    ['SELECT * FROM t WHERE a IN (1,2,3) AND b IN ($1, $2)', 'SELECT * FROM t WHERE a IN (?) AND b IN (?)'],
    ['SELECT * FROM t WHERE (a, b) IN ((1,2),(3,4))', 'SELECT * FROM t WHERE (a, b) IN ((?, ?))'],
    [
      "SELECT * FROM t WHERE a = ANY(ARRAY['a','b']::text[])",
      'SELECT * FROM t WHERE a = ANY (ARRAY[?]::text[])',
    ],
    ['SELECT a IN (SELECT b, b FROM c)', 'SELECT a IN (SELECT b, b FROM c)'],
    ['INSERT INTO t(a,b) VALUES (1,NULL),(2,now()),(3,4)', 'INSERT INTO t (a, b) VALUES (?, ?), (?, now())'],
    ['SELECT a FROM t WHERE b IS NOT NULL AND c = TRUE', 'SELECT a FROM t WHERE b IS NOT NULL AND c = ?'],
    ['SELECT :name, %s, %(name)s, ?1, @p1, a % s', 'SELECT ?, ?, ?, ?, ?, a % s'],
    ["SELECT d->>'k', d #> '{a}', d ? 'k', a@>b", 'SELECT d ->> ?, d #> ?, d ? ?, a @> b'],
    ['SELECT arr[1:2], count(*), t.* FROM t', 'SELECT arr[?:?], count(*), t.* FROM t'],
    ["CREATE USER bob PASSWORD 'hunter22'", 'CREATE USER bob PASSWORD ?'],
    ["SELECT 'never ends", 'SELECT ?'],
    ["SELECT 'a\\', 'secret' FROM t WHERE x = 'never ends", 'SELECT ?'],
    ['SELECT $x$ never ends', 'SELECT ?'],
    ['SELECT a /* never ends 4711', 'SELECT a'],
    ['', ''],
  ])('%s', (sql, text) => {
    expect(pg(sql)).toBe(text);
  });
});

describe('MySQL', () => {
  test.each([
    [`SELECT "a\\"b", 'c\\'d', x'ff', 0x1F, N'n', _utf8'u'`, 'SELECT ?, ?, ?, ?, ?, _utf8 ?'],
    ['SELECT `a``b`.`c` FROM `t` # 4711\nWHERE a=1', 'SELECT `a``b`.`c` FROM `t` WHERE a = ?'],
    ['SELECT a -- 4711\n, 5--1', 'SELECT a, ? - ?'],
    [
      'SELECT "x" FROM "t" JOIN "u" WHERE EXTRACT(DAY FROM "2020") = 1',
      'SELECT ? FROM "t" JOIN "u" WHERE EXTRACT(DAY FROM ?) = ?',
    ],
    ['SELECT /*!40001 SQL_NO_CACHE */ * FROM t', 'SELECT * FROM t'],
    ['/*!40000 ALTER TABLE t DISABLE KEYS */', 'ALTER TABLE t DISABLE KEYS'],
    ['SELECT @@max_allowed_packet, @x:=@x+1', 'SELECT @@max_allowed_packet, @x:= @x + ?'],
    ['select 12_13_foo from 2020_orders', 'select ? from 2020_orders'],
    [
      'INSERT INTO t VALUES (1,2),(3,4) ON DUPLICATE KEY UPDATE a=VALUES(a), b=VALUES(b)',
      'INSERT INTO t VALUES (?, ?) ON DUPLICATE KEY UPDATE a = VALUES (a), b = VALUES (b)',
    ],
    ["SET PASSWORD FOR 'bob'@'%' = 'hunter22'", 'SET PASSWORD FOR ? @ ? = ?'],
    ['administrator command: Ping;', 'administrator command: Ping'],
  ])('%s', (sql, text) => {
    expect(my(sql)).toBe(text);
  });
});

test('a log and a span of the same statement have one fingerprint', () => {
  const forms = [
    "SELECT * FROM orders WHERE id = 42 AND state IN ('a', 'b', 'c') LIMIT 10;",
    'select *  from orders where id=$1 and state in ($2,$3) limit $4',
    'SELECT * FROM orders WHERE id = ? AND state IN (?) LIMIT ?',
    "SELECT * FROM orders\nWHERE id = :id AND state IN (:s1, :s2) /*traceparent='00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'*/ LIMIT :n",
  ];
  const prints = new Set(forms.map((sql) => normaliseStatement(sql, 'postgresql').fingerprint));
  expect([...prints]).toEqual([normaliseStatement(forms[0] ?? '', 'mysql').fingerprint]);
  expect([...prints][0]).toMatch(/^[0-9a-f]{16}$/);
});

test('sqlcommenter: keys stay in the example, the trace id is told', () => {
  const sql =
    "SELECT 1 /*controller='orders',traceparent='00-0AF7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'*/";
  expect(maskLiterals(sql, 'postgresql')).toEqual({
    text: 'SELECT ? /*controller=?,traceparent=?*/',
    traceId: '0af7651916cd43dd8448eb211c80319c',
  });
  expect(maskLiterals('SELECT a/* user 4711 */FROM b', 'mysql')).toEqual({
    text: 'SELECT a FROM b',
    traceId: undefined,
  });
});

test('the example keeps its layout', () => {
  expect(maskLiterals("SELECT a,\n\t'x'  FROM t\n WHERE  b = 12", 'postgresql').text).toBe(
    'SELECT a,\n\t?  FROM t\n WHERE  b = ?',
  );
});

const word = fc.stringMatching(/^[a-z]{4,12}$/).map((w) => `zq${w}`);

/** A value no statement below holds otherwise, written in each way the dialect has. */
function literal(dialect: SqlDialect): fc.Arbitrary<{ sql: string; secret: string }> {
  const digits = fc.integer({ min: 10_000, max: 999_999_999 }).map(String);
  const quoted = word.map((secret) => ({ sql: `'${secret}'`, secret }));
  const shared = [
    quoted,
    word.map((secret) => ({ sql: `'it''s ${secret}''s'`, secret })),
    digits.map((secret) => ({ sql: secret, secret })),
    digits.map((secret) => ({ sql: `-${secret}.5`, secret })),
    digits.map((secret) => ({ sql: `X'${secret}'`, secret })),
    word.map((secret) => ({ sql: `/* ${secret} */ 1`, secret })),
    word.map((secret) => ({ sql: `1 -- ${secret}\n`, secret })),
    word.map((secret) => ({ sql: `'a\n-- "${secret}" /* x'`, secret })),
  ];
  const own =
    dialect === 'mysql'
      ? [
          word.map((secret) => ({ sql: `"${secret}"`, secret })),
          word.map((secret) => ({ sql: `'a\\'${secret}\\\\'`, secret })),
          word.map((secret) => ({ sql: `"a'${secret}"`, secret })),
          word.map((secret) => ({ sql: `1 # ${secret}\n`, secret })),
        ]
      : [
          word.map((secret) => ({ sql: `E'a\\'${secret}\\\\'`, secret })),
          word.map((secret) => ({ sql: `$$${secret}'$$`, secret })),
          word.map((secret) => ({ sql: `$tag$ ' $$ ${secret} $tag$`, secret })),
          word.map((secret) => ({ sql: `/* /* ' */ ${secret} */ 1`, secret })),
        ];
  return fc.oneof(...shared, ...own);
}

const TEMPLATES = [
  'SELECT * FROM t WHERE a = % AND b IN (%, %)',
  'INSERT INTO t (a, b) VALUES (%, %), (%, %)',
  'UPDATE "t" SET a = % , b = a+% WHERE (c = % OR d LIKE %) AND e BETWEEN % AND %',
  'SELECT coalesce(a, %)::text, CASE WHEN x>% THEN % ELSE % END FROM t LIMIT %',
  'ALTER USER bob PASSWORD %',
];

describe.each(['postgresql', 'mysql'] as const)('%s properties', (dialect) => {
  const statement = fc
    .tuple(fc.constantFrom(...TEMPLATES), fc.array(literal(dialect), { minLength: 6, maxLength: 6 }))
    .map(([template, literals]) => {
      let n = 0;
      const used: string[] = [];
      const text = dialect === 'mysql' ? template.replaceAll('"', '`').replaceAll('::text', '') : template;
      const sql = text.replaceAll('%', () => {
        const next = literals[n++ % literals.length] ?? { sql: '1', secret: '' };
        used.push(next.secret);
        return next.sql;
      });
      return { sql, secrets: used };
    });

  test('no literal survives', () => {
    fc.assert(
      fc.property(statement, ({ sql, secrets }) => {
        const { text } = normaliseStatement(sql, dialect);
        const example = maskLiterals(sql, dialect).text;
        for (const secret of secrets) {
          expect(text).not.toContain(secret);
          expect(example).not.toContain(secret);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('the shape of an example and of a shape is the same', () => {
    fc.assert(
      fc.property(statement, ({ sql }) => {
        const shape = normaliseStatement(sql, dialect);
        expect(normaliseStatement(shape.text, dialect)).toEqual(shape);
        expect(normaliseStatement(maskLiterals(sql, dialect).text, dialect)).toEqual(shape);
      }),
    );
  });

  test('no literal survives a cut at any place', () => {
    fc.assert(
      fc.property(statement, fc.nat(), ({ sql, secrets }, cut) => {
        const { text } = normaliseStatement(sql.slice(0, cut % (sql.length + 1)), dialect);
        for (const secret of secrets) expect(text).not.toContain(secret);
      }),
      { numRuns: 500 },
    );
  });

  test('any text: a text and a fingerprint', () => {
    const piece = fc.constantFrom(
      "'",
      '"',
      '`',
      '$',
      '$$',
      '/*',
      '*/',
      '--',
      '#',
      '\\',
      '(',
      ')',
      ',',
      '?',
      ':',
      '@',
      '%',
      ' ',
      '\n',
      'a',
      'IN',
      'VALUES',
      '1',
      '-',
      '[',
      ']',
      'ARRAY',
      '.',
      ';',
      'é',
      '\u0000',
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(piece).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(text, (sql) => {
        expect(normaliseStatement(sql, dialect).fingerprint).toMatch(/^[0-9a-f]{16}$/);
      }),
      { numRuns: 1000 },
    );
  });

  test.each([
    ['brackets', '('.repeat(200_000)],
    ['IN lists', 'IN ('.repeat(100_000)],
    ['quotes', "'".repeat(300_001)],
    ['comments', '/*'.repeat(200_000)],
    ['dollars', '$a'.repeat(200_000)],
    ['tuples', `INSERT INTO t VALUES ${'(1,2),'.repeat(100_000)}`],
    ['operators', '+-'.repeat(200_000)],
    ['comment words', `/*${'a'.repeat(300_000)}='*/`],
  ])('a long text of %s takes no long time', (_, sql) => {
    const started = performance.now();
    normaliseStatement(sql, dialect);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});
