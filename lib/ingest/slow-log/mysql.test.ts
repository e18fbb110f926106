import { describe, expect, test } from 'vitest';
import type { StatementRun } from '#lib/model/statement.ts';
import type { SlowLogSummary } from './decode.ts';
import { SlowLogDecoder } from './decode.ts';

function read(...lines: string[]): { runs: readonly StatementRun[]; summary: SlowLogSummary } {
  const decoder = new SlowLogDecoder({ format: 'auto', service: 's', instance: '', database: '', now: 5 });
  const batch = decoder.push(Buffer.from(`${lines.join('\n')}\n`));
  const last = decoder.end();
  return { runs: [...batch.runs, ...last.runs], summary: decoder.summary };
}

const QUERY = '# Query_time: 0.5  Lock_time: 0.1 Rows_sent: 1  Rows_examined: 2';

describe('headers', () => {
  test.each([
    [
      '5.6',
      ['# Time: 240506  7:08:09', '# User@Host: app[app] @ web-1 [10.0.0.9]  Id:     5', QUERY],
      { at: Date.UTC(2024, 4, 6, 7, 8, 9), user: 'app' },
    ],
    [
      '8.0',
      ['# Time: 2024-05-06T07:08:09.250000Z', '# User@Host: app[app] @ [10.0.0.9]  Id: 5', QUERY],
      { at: Date.UTC(2024, 4, 6, 7, 8, 9, 250), user: 'app' },
    ],
    [
      '8.0 with log_timestamps=SYSTEM',
      ['# Time: 2024-05-06T09:08:09.250000+02:00', QUERY],
      { at: Date.UTC(2024, 4, 6, 7, 8, 9, 250) },
    ],
    [
      'local time and SET timestamp',
      ['# Time: 240506  9:08:09', QUERY, 'SET timestamp=1714979289;'],
      { at: 1_714_979_289_000 },
    ],
    [
      'MariaDB SET timestamp with a fraction',
      [QUERY, 'SET timestamp=1714979289.123456;'],
      { at: 1_714_979_289_000 },
    ],
    ['no time at all', [QUERY], { at: 5 }],
    [
      'one line for time and user',
      ['# Time: 071218 11:48:27 # User@Host: [SQL_SLAVE] @  []', QUERY],
      { user: 'SQL_SLAVE' },
    ],
    ['schema', ['# Thread_id: 5  Schema: shop  Last_errno: 0', QUERY], { database: 'shop' }],
    ['empty schema', ['# Schema:   Last_errno: 0  Killed: 0', QUERY], { database: '' }],
    ['use', ['# Thread_id: 5  Schema: shop', QUERY, 'use `my db`;'], { database: 'my db' }],
    [
      'Percona',
      [
        QUERY,
        '# Bytes_sent: 89  Tmp_tables: 1  Tmp_disk_tables: 1  Tmp_table_sizes: 8192',
        '# InnoDB_trx_id: 2552F3B37',
      ],
      { tempBytes: 8192 },
    ],
    [
      'MariaDB',
      ['# Thread_id: 5  Schema: shop  QC_hit: No', QUERY, '# Rows_affected: 3  Bytes_sent: 11'],
      { system: 'mariadb', rowsAffected: 3 },
    ],
    [
      'MariaDB explain',
      [QUERY, '# explain: id\tselect_type\ttable', '# explain: 1\tSIMPLE\tt'],
      { durationMs: 500 },
    ],
  ])('%s', (_, header, expected) => {
    const { runs } = read(...header, 'SELECT a FROM t WHERE b = 1;');
    expect(runs).toHaveLength(1);
    expect(runs[0]).toMatchObject({
      text: 'SELECT a FROM t WHERE b = ?',
      durationMs: 500,
      lockMs: 100,
      ...expected,
    });
  });
});

describe('statements', () => {
  test.each([
    [
      'several lines, comments inside',
      [QUERY, 'SELECT a', '', '# Time to say', '-- hello', 'FROM t;'],
      ['SELECT a FROM t'],
    ],
    ['administrator command', [QUERY, '# administrator command: Quit;'], ['administrator command: Quit']],
    ['use alone', [QUERY, 'use shop;'], ['use shop']],
    ['use as the statement', [QUERY, 'SET timestamp=1;', 'use shop;'], ['use shop']],
    ['several in one entry', [QUERY, 'SELECT 1;', 'SELECT 2 FROM t;'], ['SELECT ?; SELECT ? FROM t']],
    ['no statement', [QUERY, '# User@Host: a[a] @ b []', QUERY, 'COMMIT;'], ['COMMIT']],
    ['no header but Query_time', [QUERY, 'COMMIT;', QUERY, 'ROLLBACK;'], ['COMMIT', 'ROLLBACK']],
    [
      'server restart between',
      [
        QUERY,
        'COMMIT;',
        '/usr/sbin/mysqld, Version: 8.0.36 (MySQL). started with:',
        'Tcp port: 3306  Unix socket: x',
        'Time                 Id Command    Argument',
        QUERY,
        'ROLLBACK;',
      ],
      ['COMMIT', 'ROLLBACK'],
    ],
    ['no end', [QUERY, 'SELECT 1'], ['SELECT ?']],
  ])('%s', (_, lines, texts) => {
    expect(read(...lines).runs.map((r) => r.text)).toEqual(texts);
  });

  test('a database lasts until the next use', () => {
    const { runs } = read(QUERY, 'use a;', 'COMMIT;', QUERY, 'COMMIT;', QUERY, 'use b;', 'COMMIT;');
    expect(runs.map((r) => r.database)).toEqual(['a', 'a', 'b']);
  });

  test('an impossible time is told, not counted', () => {
    const { runs, summary } = read(
      '# Query_time: 18446744073708.796870.000036  Lock_time: 0',
      'COMMIT;',
      QUERY,
      'COMMIT;',
    );
    expect(runs).toHaveLength(1);
    expect(summary).toMatchObject({ skippedLines: 1, problems: [{ line: 1 }] });
  });

  test('a trace id comes from the comment', () => {
    const { runs } = read(
      QUERY,
      "SELECT 1 /*traceparent='00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'*/;",
    );
    expect(runs[0]).toMatchObject({
      traceId: '0af7651916cd43dd8448eb211c80319c',
      example: 'SELECT ? /*traceparent=?*/;',
    });
  });
});
