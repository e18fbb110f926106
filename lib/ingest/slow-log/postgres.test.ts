import { describe, expect, test } from 'vitest';
import type { DatabaseNotice, StatementRun } from '#lib/model/statement.ts';
import { SlowLogDecoder } from './decode.ts';

interface Read {
  runs: readonly StatementRun[];
  notices: readonly DatabaseNotice[];
  skippedLines: number;
}

function read(...lines: string[]): Read {
  const decoder = new SlowLogDecoder({ format: 'auto', service: 's', instance: '', database: '', now: 5 });
  const batch = decoder.push(Buffer.from(`${lines.join('\n')}\n`));
  const last = decoder.end();
  return {
    runs: [...batch.runs, ...last.runs],
    notices: [...batch.notices, ...last.notices],
    skippedLines: decoder.summary.skippedLines,
  };
}

const T = '2024-05-06 07:08:09.120 UTC [47] app@shop ';
const AT = Date.UTC(2024, 4, 6, 7, 8, 9);

describe('prefixes', () => {
  const who = { user: 'app', database: 'shop' };
  test.each([
    [
      '%t [%p]: [%l-1] user=%u,db=%d,app=%a,client=%h ',
      '2024-05-06 07:08:09 UTC [47]: [3-1] user=app,db=shop,app=psql,client=10.0.0.9 ',
      AT,
      who,
    ],
    ['%m [%p] %q%u@%d ', '2024-05-06 07:08:09.250 UTC [47] app@shop ', AT + 250, who],
    ['RDS %t:%r:%u@%d:[%p]:', '2024-05-06 07:08:09 UTC:10.0.0.9(5432):app@shop:[47]:', AT, who],
    ['Azure %t-%c-', '2024-05-06 07:08:09 UTC-60e2b128.1308a-', AT, {}],
    ['%n %p %u@%d ', '1714979289.250 47 app@shop ', AT + 250, who],
    ['%m %p %d %u ', '2024-05-06 07:08:09.250 UTC 47 shop app ', AT + 250, {}],
    ['zone CEST', '2024-05-06 09:08:09 CEST [47] app@shop ', AT, who],
    ['zone -03', '2024-05-06 04:08:09.000 -03 [47] app@shop ', AT, who],
    ['zone +0530', '2024-05-06 12:38:09.000 +0530 [47] app@shop ', AT, who],
    [
      'background process',
      '2024-05-06 07:08:09 UTC [47]: user=,db=,app=,client= ',
      AT,
      { user: '', database: '' },
    ],
    ['unknown user', '2024-05-06 07:08:09 UTC [47] [unknown]@[unknown] ', AT, { user: '', database: '' }],
    ['none', '', 5, { user: '', database: '' }],
    ['syslog', 'May  6 07:08:10 db-1 postgres[47]: [9-1] 2024-05-06 07:08:09 UTC [47] app@shop ', AT, who],
    ['container', 'db-1  | 2024-05-06 07:08:09.000 UTC [47] app@shop ', AT, who],
  ])('%s', (_, prefix, at, expected) => {
    const { runs } = read(
      `${prefix}LOG:  duration: 1.500 ms  statement: SELECT 1`,
      '\t, 2',
      `${prefix}LOG:  duration: 2 ms  statement: COMMIT`,
    );
    expect(runs).toHaveLength(2);
    expect(runs[0]).toMatchObject({ at, durationMs: 1.5, text: 'SELECT ?, ?', ...expected });
  });

  test('syslog continues lines with a count and #011', () => {
    const syslog = (n: string): string => `May  6 07:08:10 db-1 postgres[47]: [${n}] `;
    const { runs } = read(
      `${syslog('9-1')}2024-05-06 07:08:09 UTC [47] LOG:  duration: 1 ms  statement: SELECT a`,
      `${syslog('9-2')}#011FROM t`,
      `${syslog('10-1')}2024-05-06 07:08:09 UTC [47] LOG:  duration: 1 ms  statement: COMMIT`,
    );
    expect(runs.map((r) => r.text)).toEqual(['SELECT a FROM t', 'COMMIT']);
  });

  test.each([
    ['docker compose', 'db-1  | '],
    ['Kubernetes', '2024-05-06T07:08:09.120456789Z stderr F '],
    ['kubectl logs --timestamps', '2024-05-06T07:08:09.120456789Z '],
  ])('%s goes before every line', (_, wrapper) => {
    const { runs } = read(
      `${wrapper}${T}LOG:  duration: 1 ms  statement: SELECT a`,
      `${wrapper}\tFROM t`,
      `${wrapper}${T}LOG:  duration: 1 ms  statement: COMMIT`,
    );
    expect(runs.map((r) => r.text)).toEqual(['SELECT a FROM t', 'COMMIT']);
  });

  test('a level in a statement starts no entry', () => {
    const { runs } = read(
      `${T}LOG:  duration: 1 ms  statement: SELECT a, '`,
      "\tERROR:  x', b",
      `LOG:  y' FROM t`,
    );
    expect(runs).toHaveLength(1);
  });
});

describe('durations', () => {
  test.each([
    ['statement', 'duration: 1 ms  statement: SELECT 1', ['SELECT ?']],
    ['execute', 'duration: 1 ms  execute S_1: SELECT $1', ['SELECT ?']],
    ['portal', 'duration: 1 ms  execute S_1/C_2: SELECT $1', ['SELECT ?']],
    ['fetch', 'duration: 1 ms  execute fetch from S_1/C_2: SELECT $1', ['SELECT ?']],
    ['parse', 'duration: 1 ms  parse <unnamed>: SELECT $1', []],
    ['bind', 'duration: 1 ms  bind <unnamed>: SELECT $1', []],
    ['nothing', 'duration: 1 ms  statement: ', []],
    [
      'cut by a log shipper',
      "duration: 1 ms  statement: SELECT 'a[Your log message was truncated]",
      ['SELECT ?'],
    ],
  ])('%s', (_, message, texts) => {
    expect(read(`${T}LOG:  ${message}`).runs.map((r) => r.text)).toEqual(texts);
  });

  test('a duration of its own belongs to the statement of its process', () => {
    const line = (pid: number, message: string): string =>
      `2024-05-06 07:08:09 UTC [${pid}] a@b LOG:  ${message}`;
    const { runs, skippedLines } = read(
      line(1, 'statement: SELECT 1 FROM a'),
      line(2, 'execute <unnamed>: SELECT 1 FROM b'),
      line(1, 'duration: 10 ms'),
      line(2, 'duration: 20 ms'),
      line(2, 'duration: 30 ms'),
    );
    expect(runs.map((r) => [r.text, r.durationMs])).toEqual([
      ['SELECT ? FROM a', 10],
      ['SELECT ? FROM b', 20],
    ]);
    expect(skippedLines).toBe(1);
  });

  test('EXECUTE is the statement that was prepared', () => {
    const { runs } = read(
      `${T}LOG:  duration: 1 ms  statement: EXECUTE q(17);`,
      `${T}DETAIL:  prepare: PREPARE q (int) AS SELECT * FROM t WHERE a = $1;`,
    );
    expect(runs.map((r) => r.text)).toEqual(['SELECT * FROM t WHERE a = ?']);
  });

  test('temporary files belong to the run that follows', () => {
    const temp = (n: number): string[] => [
      `${T}LOG:  temporary file: path "base/pgsql_tmp/pgsql_tmp47.${n}", size ${n * 1000}`,
      `${T}STATEMENT:  SELECT a FROM t ORDER BY b`,
    ];
    const { runs, notices } = read(
      ...temp(1),
      ...temp(2),
      `${T}LOG:  duration: 9 ms  statement: SELECT a FROM t ORDER BY b`,
      `${T}LOG:  duration: 9 ms  statement: SELECT a FROM t ORDER BY b`,
    );
    expect(runs.map((r) => r.tempBytes)).toEqual([3000, undefined]);
    expect(notices.map((n) => [n.kind, n.bytes, n.text])).toEqual([
      ['temp-file', 1000, 'SELECT a FROM t ORDER BY b'],
      ['temp-file', 2000, 'SELECT a FROM t ORDER BY b'],
    ]);
  });
});

describe('plans', () => {
  const plan = [
    `${T}LOG:  duration: 9.000 ms  plan:`,
    '\tQuery Text: SELECT a FROM t',
    "\t  WHERE b = 'geheim'",
    '\tSeq Scan on t  (cost=0.00..11.93 rows=1 width=132) (actual time=0.1..8.9 rows=3 loops=2)',
    "\t  Filter: (b = 'geheim'::text)",
    '\t  Rows Removed by Filter: 97',
    '\t  Buffers: shared hit=4 read=2',
  ];
  const told = {
    type: 'Seq Scan',
    relation: 't',
    filter: '(b = ?::text)',
    rowsRemovedByFilter: 97,
    details: { 'Shared Hit Blocks': 4, 'Shared Read Blocks': 2 },
  };

  test('a plan and the duration line behind it are one run', () => {
    const { runs } = read(
      ...plan,
      `${T}LOG:  duration: 9.100 ms  statement: SELECT a FROM t WHERE b = 'geheim'`,
    );
    expect(runs).toHaveLength(1);
    expect(runs[0]).toMatchObject({ durationMs: 9.1, rowsExamined: 200, rowsSent: 3, plan: told });
    expect(JSON.stringify(runs)).not.toContain('geheim');
  });

  test('in the extended protocol the plan stands behind the duration', () => {
    const { runs } = read(
      `${T}LOG:  duration: 9.100 ms  execute <unnamed>: SELECT a FROM t WHERE b = $1`,
      ...plan,
      `${T}LOG:  temporary file: path "base/pgsql_tmp/pgsql_tmp47.1", size 1000`,
      `${T}STATEMENT:  SELECT a FROM t WHERE b = $1`,
      `${T}LOG:  duration: 5.000 ms  execute <unnamed>: SELECT a FROM t WHERE b = $1`,
    );
    expect(runs.map((r) => [r.durationMs, r.rowsExamined, r.plan?.type, r.tempBytes])).toEqual([
      [9.1, 200, 'Seq Scan', 1000],
      [5, undefined, undefined, undefined],
    ]);
  });

  test('a plan alone is a run', () => {
    const { runs } = read(...plan, `${T}LOG:  duration: 9.100 ms  statement: COMMIT`);
    expect(runs.map((r) => [r.text, r.durationMs, r.plan?.type])).toEqual([
      ['SELECT a FROM t WHERE b = ?', 9, 'Seq Scan'],
      ['COMMIT', 9.1, undefined],
    ]);
  });

  test('JSON, also cut off', () => {
    const json =
      '{"Query Text": "SELECT \'geheim\'", "Plan": {"Node Type": "Result", "Total Cost": 0.01, "__proto__": {"x": 1}}}';
    const [whole] = read(`${T}LOG:  duration: 9 ms  plan:`, `\t${json}`).runs;
    expect(whole).toMatchObject({
      text: 'SELECT ?',
      plan: { type: 'Result', costTotal: 0.01, children: [] },
    });
    const [cut] = read(`${T}LOG:  duration: 9 ms  plan:`, `\t${json.slice(0, 60)}`).runs;
    expect(cut).toMatchObject({ text: 'SELECT ?' });
    expect(cut?.plan).toBeUndefined();
    const [yaml] = read(
      `${T}LOG:  duration: 9 ms  plan:`,
      `\tQuery Text: "SELECT 'geheim', \\"a\\""`,
      '\tPlan: ',
    ).runs;
    expect(yaml).toMatchObject({ text: 'SELECT ?, "a"', durationMs: 9 });
  });
});

describe('notices', () => {
  test.each([
    [
      'LOG',
      'process 47 acquired ExclusiveLock on tuple (106,38) of relation 1 of database 2 after 1129.295 ms',
      { kind: 'lock-acquired', waitMs: 1129.295, pid: 47 },
    ],
    ['ERROR', 'deadlock detected', { kind: 'deadlock', message: 'deadlock detected' }],
    ['ERROR', 'canceling statement due to statement timeout', { kind: 'cancelled' }],
    [
      'ERROR',
      'relation "ordrs" does not exist',
      { kind: 'error', relation: 'ordrs', message: 'relation "ordrs" does not exist' },
    ],
    [
      'ERROR',
      'invalid input syntax for type integer: "geheim"',
      { kind: 'error', message: 'invalid input syntax for type integer: ?' },
    ],
    [
      'ERROR',
      'duplicate key value violates unique constraint "users_email_key"',
      { message: 'duplicate key value violates unique constraint "users_email_key"' },
    ],
    ['FATAL', 'sorry, too many clients already', { kind: 'connection' }],
    [
      'LOG',
      'connection received: host=10.0.0.9 port=51',
      { kind: 'connection', message: 'connection received' },
    ],
    [
      'LOG',
      'checkpoint complete: wrote 3 buffers (0.0%); write=0.302 s, sync=0.015 s, total=0.353 s',
      { kind: 'checkpoint', waitMs: 353 },
    ],
    [
      'LOG',
      'automatic vacuum of table "shop.public.t": index scans: 0\n\tsystem usage: CPU: user: 0.00 s, system: 0.00 s, elapsed: 0.12 s',
      {
        kind: 'autovacuum',
        relation: 'shop.public.t',
        message: 'automatic vacuum of table "shop.public.t" took 0.12 s',
      },
    ],
  ])('%s %s', (level, message, expected) => {
    const { notices } = read(`${T}${level}:  ${message}`);
    expect(notices).toEqual([expect.objectContaining({ at: AT + 120, database: 'shop', ...expected })]);
  });

  test('a deadlock names its processes, not their statements', () => {
    const { notices } = read(
      `${T}ERROR:  deadlock detected`,
      `${T}DETAIL:  Process 47 waits for ShareLock on transaction 1; blocked by process 91.`,
      '\tProcess 91 waits for ShareLock on transaction 2; blocked by process 47.',
      "\tProcess 47: UPDATE t SET a = 'geheim'",
      `${T}STATEMENT:  UPDATE t SET a = 'geheim'`,
    );
    expect(notices).toEqual([
      expect.objectContaining({ kind: 'deadlock', pid: 47, blockers: [91, 47], text: 'UPDATE t SET a = ?' }),
    ]);
    expect(JSON.stringify(notices)).not.toContain('geheim');
  });
});

describe('other formats', () => {
  test('csvlog', () => {
    const record = (message: string, detail = ''): string =>
      `2024-05-06 07:08:09.120 UTC,"app","shop",47,"10.0.0.9:5",6.2f,1,"SELECT",2024-05-06 07:00:00 UTC,1/1,0,LOG,00000,"${message}","${detail}",,,,,,,,"psql","client backend",,0`;
    const { runs } = read(
      record('duration: 1.5 ms  statement: SELECT ""a"",\n  \'x,""y\'\nFROM t'),
      record('duration: 2 ms  execute <unnamed>: SELECT $1', "parameters: $1 = 'geheim'"),
    );
    expect(runs).toMatchObject([
      { at: AT + 120, user: 'app', database: 'shop', text: 'SELECT "a", ? FROM t', durationMs: 1.5 },
      { text: 'SELECT ?', durationMs: 2 },
    ]);
  });

  test('a CSV record whose quote never ends costs no other record', () => {
    const good =
      '2024-05-06 07:08:09.120 UTC,"app","shop",47,,6.2f,1,"",,1/1,0,LOG,00000,"duration: 1 ms  statement: COMMIT",,,,,,,,,""';
    const cut = good.slice(0, good.indexOf('MIT'));
    expect(read(cut, good, good).runs.map((r) => r.text)).toEqual(['COM', 'COMMIT', 'COMMIT']);
  });

  test('jsonlog', () => {
    const { runs, skippedLines } = read(
      JSON.stringify({
        timestamp: '2024-05-06 07:08:09.120 UTC',
        user: 'app',
        dbname: 'shop',
        pid: 47,
        error_severity: 'LOG',
        message: "duration: 1.5 ms  statement: SELECT 'geheim'",
      }),
      '{"timestamp": "2024',
    );
    expect(runs).toMatchObject([
      { at: AT + 120, user: 'app', database: 'shop', text: 'SELECT ?', durationMs: 1.5 },
    ]);
    expect(skippedLines).toBe(1);
  });
});
