import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isFault } from '#lib/model/fault.ts';
import type { DatabaseNotice, StatementRun } from '#lib/model/statement.ts';
import type { SlowLogOptions, SlowLogSummary } from './decode.ts';
import { SlowLogDecoder } from './decode.ts';

interface Decoded {
  runs: StatementRun[];
  notices: DatabaseNotice[];
  summary: SlowLogSummary;
}

function decode(log: string | Uint8Array, options: Partial<SlowLogOptions> = {}, chunk = 65_536): Decoded {
  const decoder = new SlowLogDecoder({
    format: 'auto',
    service: 's',
    instance: 'i',
    database: '',
    now: 1000,
    ...options,
  });
  const bytes = typeof log === 'string' ? Buffer.from(log) : log;
  const runs: StatementRun[] = [];
  const notices: DatabaseNotice[] = [];
  for (let at = 0; at < bytes.length; at += chunk) {
    const batch = decoder.push(bytes.subarray(at, at + chunk));
    runs.push(...batch.runs);
    notices.push(...batch.notices);
  }
  const last = decoder.end();
  return { runs: [...runs, ...last.runs], notices: [...notices, ...last.notices], summary: decoder.summary };
}

const POSTGRES = `2024-05-06 07:08:09.120 UTC [47] app@shop LOG:  duration: 12.500 ms  statement: SELECT 'ü€𝄞',
	2 FROM orders
2024-05-06 07:08:10.000 UTC [48] app@shop LOG:  duration: 3.000 ms  execute <unnamed>: SELECT $1
2024-05-06 07:08:10.000 UTC [48] app@shop DETAIL:  parameters: $1 = 'geheim'
2024-05-06 07:08:11.000 UTC [48] app@shop LOG:  process 48 still waiting for ShareLock on transaction 7 after 1000.1 ms
2024-05-06 07:08:11.000 UTC [48] app@shop DETAIL:  Process holding the lock: 47. Wait queue: 48.
2024-05-06 07:08:11.000 UTC [48] app@shop CONTEXT:  while updating tuple (0,1) in relation "orders"
2024-05-06 07:08:11.000 UTC [48] app@shop STATEMENT:  UPDATE orders SET a = 4711
`;

const MYSQL = `/usr/sbin/mariadbd, Version: 10.11.6-MariaDB-log (MariaDB Server). started with:
Tcp port: 3306  Unix socket: /run/mysqld/mysqld.sock
Time		    Id Command	Argument
# Time: 240506  7:08:09
# User@Host: app[app] @ web-1 [10.0.0.1]
# Thread_id: 5  Schema: shop  QC_hit: No
# Query_time: 0.250000  Lock_time: 0.001000  Rows_sent: 2  Rows_examined: 400
# Rows_affected: 0  Bytes_sent: 11
use shop;
SET timestamp=1714979289;
SELECT "geheim" FROM orders
WHERE id IN (1,2);
# User@Host: app[app] @ web-1 [10.0.0.1]
# Query_time: 0.100000  Lock_time: 0.000000  Rows_sent: 0  Rows_examined: 0
SET timestamp=1714979290;
COMMIT;
`;

describe('chunks', () => {
  test.each([
    ['PostgreSQL', POSTGRES],
    ['MySQL', MYSQL],
  ])('%s: cut anywhere, also inside a character, gives the same', (_, log) => {
    const whole = decode(log);
    for (const size of [1, 2, 3, 7, 100]) expect(decode(log, {}, size)).toEqual(whole);
    expect(whole.runs).toHaveLength(2);
  });

  test('a buffer that the caller uses again does no harm', () => {
    const decoder = new SlowLogDecoder({ format: 'auto', service: '', instance: '', database: '', now: 0 });
    const shared = Buffer.alloc(16);
    const bytes = Buffer.from(POSTGRES);
    const runs: StatementRun[] = [];
    for (let at = 0; at < bytes.length; at += 16) {
      const length = bytes.copy(shared, 0, at, at + 16);
      runs.push(...decoder.push(shared.subarray(0, length)).runs);
    }
    runs.push(...decoder.end().runs);
    expect(runs.map((r) => r.text)).toEqual(['SELECT ?, ? FROM orders', 'SELECT ?']);
  });

  test('CRLF and a byte order mark', () => {
    expect(decode(`\ufeff${POSTGRES.replaceAll('\n', '\r\n')}`).runs).toEqual(decode(POSTGRES).runs);
  });

  test('runs are handed on as they become complete', () => {
    const decoder = new SlowLogDecoder({ format: 'auto', service: '', instance: '', database: '', now: 0 });
    expect(decoder.push(Buffer.from(POSTGRES.repeat(2))).runs).toHaveLength(3);
    // The last may still get its plan.
    expect(decoder.end().runs).toHaveLength(1);
  });
});

describe('what is known of a run', () => {
  test('PostgreSQL', () => {
    const { runs, notices, summary } = decode(POSTGRES);
    expect(runs[0]).toEqual({
      at: Date.UTC(2024, 4, 6, 7, 8, 9, 120),
      system: 'postgresql',
      service: 's',
      instance: 'i',
      database: 'shop',
      user: 'app',
      durationMs: 12.5,
      fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
      text: 'SELECT ?, ? FROM orders',
      example: 'SELECT ?,\n? FROM orders',
    });
    expect(notices).toEqual([
      expect.objectContaining({
        kind: 'lock-wait',
        relation: 'orders',
        waitMs: 1000.1,
        pid: 48,
        blockers: [47],
        text: 'UPDATE orders SET a = ?',
      }),
    ]);
    expect(summary).toEqual({ statements: 2, fingerprints: 2, skippedLines: 0, problems: [] });
    expect(JSON.stringify({ runs, notices })).not.toMatch(/geheim|4711/);
  });

  test('MariaDB', () => {
    const { runs } = decode(MYSQL);
    expect(runs[0]).toMatchObject({
      at: 1_714_979_289_000,
      system: 'mariadb',
      database: 'shop',
      user: 'app',
      durationMs: 250,
      lockMs: 1,
      rowsSent: 2,
      rowsExamined: 400,
      rowsAffected: 0,
      text: 'SELECT ? FROM orders WHERE id IN (?)',
    });
    expect(runs[1]).toMatchObject({ database: 'shop', text: 'COMMIT' });
  });

  test.each([
    [{ service: '' }, { service: 'shop', database: 'shop' }],
    [
      { service: 'api', database: 'other' },
      { service: 'api', database: 'shop' },
    ],
  ])('origin %o', (options, expected) => {
    expect(decode(POSTGRES, options).runs[0]).toMatchObject(expected);
  });

  test('without a database the service is called database', () => {
    const log = '2024-05-06 07:08:09 UTC [47] LOG:  duration: 1 ms  statement: SELECT 1\n';
    expect(decode(log, { service: '' }).runs[0]).toMatchObject({ service: 'database', database: '' });
    expect(decode(log, { service: '', database: 'd' }).runs[0]).toMatchObject({
      service: 'd',
      database: 'd',
    });
  });
});

describe('what is no log', () => {
  const html = '<!doctype html><html><body>Not found</body></html>\n';
  test.each([
    ['HTML', html],
    ['JSON', '{"resourceMetrics":[]}\n'],
    ['words', 'hello\nworld'],
    ['an application log', '2024-05-06 07:08:09 ERROR: it broke\n'],
    ['bytes', Uint8Array.from({ length: 5000 }, (_, i) => (i * 37) % 256)],
  ])('%s', (_, log) => {
    let thrown: unknown;
    try {
      decode(log);
    } catch (error) {
      thrown = error;
    }
    expect(isFault(thrown) && [thrown.status, thrown.code]).toEqual([400, 'unknown-log']);
  });

  test('an empty log is fine', () => {
    expect(decode('').summary).toEqual({ statements: 0, fingerprints: 0, skippedLines: 0, problems: [] });
  });

  test('the other format is not looked for', () => {
    expect(() => decode(MYSQL, { format: 'postgres' })).toThrow(/PostgreSQL log/);
    expect(decode(MYSQL, { format: 'mysql' }).runs).toHaveLength(2);
  });

  test('lines before the first entry are counted, line numbers hold', () => {
    const log = `rest of an entry\nmore\n${POSTGRES}2024-05-06 07:08:09 XYZT [1] LOG:  duration: 1 ms  statement: SELECT 1\n`;
    const { summary } = decode(log);
    expect(summary.skippedLines).toBe(2);
    expect(summary.problems).toEqual([{ line: 11, message: expect.stringContaining("'XYZT'") }]);
  });
});

test('a line beyond 1 MiB is cut and told of, however it arrives', () => {
  const log = `2024-05-06 07:08:09 UTC [47] a@b LOG:  duration: 1 ms  statement: SELECT '${'x'.repeat(3_000_000)}'\n${POSTGRES}`;
  const whole = decode(log, {}, 10_000_000);
  expect(whole.summary.problems).toEqual([{ line: 1, message: expect.stringContaining('1 MiB') }]);
  expect(whole.runs.map((r) => r.text)).toEqual(['SELECT ?', 'SELECT ?, ? FROM orders', 'SELECT ?']);
  expect(decode(log, {}, 65_536)).toEqual(whole);
});

test('an entry of many lines beyond 1 MiB is cut and told of', () => {
  const log = `# Query_time: 1  Lock_time: 0\nSELECT '\n${`${'x'.repeat(999)}\n`.repeat(2000)}';\n${MYSQL}`;
  const { runs, summary } = decode(log);
  expect(summary.problems).toEqual([{ line: 1, message: expect.stringContaining('1 MiB') }]);
  expect(runs.map((r) => r.text)).toEqual(['SELECT ?', 'SELECT ? FROM orders WHERE id IN (?)', 'COMMIT']);
});

describe('any bytes', () => {
  const fragments = `${POSTGRES}${MYSQL}`.split(/(?<=[\n ])/);
  const mutated = fc
    .array(
      fc.oneof(
        fc.constantFrom(...fragments),
        fc.constantFrom('"', "'", '\n', '\t', '#', '{', ',', '\u0000'),
        fc.string(),
      ),
      {
        maxLength: 60,
      },
    )
    .map((parts) => Buffer.from(parts.join('')));
  const anything = fc.oneof(
    mutated,
    fc.uint8Array({ maxLength: 400 }).map((b) => Buffer.from(b)),
  );

  const outcome = (log: Uint8Array, format: SlowLogOptions['format'], chunk: number): unknown => {
    try {
      return decode(log, { format }, chunk);
    } catch (error) {
      if (isFault(error)) return error.code;
      throw error;
    }
  };

  test('a result or a Fault, the same in any chunks', () => {
    fc.assert(
      fc.property(
        anything,
        fc.constantFrom('auto', 'postgres', 'mysql'),
        fc.integer({ min: 1, max: 50 }),
        (log, format, chunk) => {
          expect(outcome(log, format, chunk)).toEqual(outcome(log, format, 1_000_000));
        },
      ),
      { numRuns: 400 },
    );
  });
});

describe('long lines take no long time', () => {
  const long = 1_000_000;
  const head = '2024-05-06 07:08:09 UTC [47] a@b LOG:  ';
  test.each([
    ['spaces in a prefix', `${' '.repeat(long)}LOG:  x`],
    ['a message of spaces', `${head}duration: 1 ms${' '.repeat(long)}x`],
    ['an administrator command', `# Query_time: 1\nadministrator command: Ping${' '.repeat(long)}x`],
    ['a MySQL header', `# Query_time: 1 ${'a_'.repeat(long / 2)}\n# User@Host: ${'a'.repeat(long)}\nCOMMIT;`],
    ['semicolons', `# Query_time: 1\n${'; '.repeat(long / 2)}x\n# Thread_id: 1`],
    ['colons', `${head}${'a:'.repeat(long / 2)}`],
    [
      'a prepared statement',
      `${head}duration: 1 ms  statement: EXECUTE q\n${head.replace('LOG', 'DETAIL')}prepare: PREPARE ${' '.repeat(long)}x`,
    ],
    ['CSV quotes', `2024-05-06 07:08:09 UTC,"a","b",${'"",'.repeat(long / 3)}\n`],
    [
      'JSON',
      `{"error_severity":"LOG","timestamp":"2024-05-06 07:08:09 UTC","message":"${'x'.repeat(long)}"}\n`,
    ],
  ])('%s', (_, log) => {
    const started = performance.now();
    try {
      decode(log);
    } catch (error) {
      expect(isFault(error)).toBe(true);
    }
    expect(performance.now() - started).toBeLessThan(2000);
  });
});
