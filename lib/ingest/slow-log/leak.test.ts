import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SlowLogDecoder } from './decode.ts';

/** All that leaves the decoder for a log, as text. */
function told(log: string): string {
  const decoder = new SlowLogDecoder({ format: 'auto', service: 's', instance: 'i', database: '', now: 0 });
  const batches = [decoder.push(Buffer.from(log)), decoder.end()];
  return JSON.stringify([batches, decoder.summary]);
}

const T = '2024-05-06 07:08:09.120 UTC [47] app@shop ';
const csv = (message: string, detail: string, statement: string): string =>
  `2024-05-06 07:08:09.120 UTC,"app","shop",47,,6.2f,1,"",,1/1,0,ERROR,00000,${[message, detail].map((t) => `"${t.replaceAll('"', '""')}"`).join(',')},,,,,"${statement.replaceAll('"', '""')}",,,"psql"\n`;

const LOGS: readonly [string, (secret: string) => string][] = [
  ['a literal', (s) => `${T}LOG:  duration: 1 ms  statement: SELECT '${s}', E'\\'${s}', $q$${s}$q$\n`],
  ['a literal over lines', (s) => `${T}LOG:  duration: 1 ms  statement: SELECT '\n\t${s}\n\t${s}'\n`],
  ['a literal that never ends', (s) => `${T}LOG:  duration: 1 ms  statement: SELECT 'a ${s}\n`],
  ['a comment', (s) => `${T}LOG:  duration: 1 ms  statement: SELECT 1 /* ${s} */ -- ${s}\n`],
  [
    'a parameter',
    (s) => `${T}LOG:  duration: 1 ms  execute q: SELECT $1\n${T}DETAIL:  parameters: $1 = '${s}'\n`,
  ],
  ['a password', (s) => `${T}LOG:  duration: 1 ms  statement: ALTER USER bob WITH PASSWORD '${s}'\n`],
  [
    'a key',
    (s) =>
      `${T}ERROR:  duplicate key value violates unique constraint "k"\n${T}DETAIL:  Key (a)=(${s}) already exists.\n${T}STATEMENT:  INSERT INTO t VALUES ('${s}')\n`,
  ],
  ['a wrong value', (s) => `${T}ERROR:  invalid input syntax for type integer: "${s}"\n`],
  ['a wrong value with quotes', (s) => `${T}ERROR:  invalid input syntax for type json: "{"a":"${s}"}"\n`],
  ['a wrong place', (s) => `${T}ERROR:  syntax error at or near "${s}" at character 8\n`],
  [
    'a deadlock',
    (s) =>
      `${T}ERROR:  deadlock detected\n${T}DETAIL:  Process 47 waits for ShareLock on transaction 1; blocked by process 2.\n\tProcess 2: UPDATE t SET a = '${s}'\n`,
  ],
  [
    'a lock',
    (s) =>
      `${T}LOG:  process 47 still waiting for ShareLock on transaction 7 after 1000 ms\n${T}STATEMENT:  UPDATE t SET a = '${s}'\n`,
  ],
  [
    'a plan',
    (s) =>
      `${T}LOG:  duration: 1 ms  plan:\n\tQuery Text: SELECT '${s}'\n\tSeq Scan on t  (cost=0..1 rows=1 width=1)\n\t  Filter: (a = '${s}'::text)\n\t  Output: '${s}'::text\n\t  Sort Key: ('${s}'::text)\n`,
  ],
  [
    'a plan with parameters',
    (s) =>
      `${T}LOG:  duration: 1 ms  plan:\n\tQuery Text: SELECT $1\n\tQuery Parameters: $1 = '${s}'\n\tResult  (cost=0..1 rows=1 width=1)\n`,
  ],
  [
    'a JSON plan',
    (s) =>
      `${T}LOG:  duration: 1 ms  plan:\n\t${JSON.stringify({ 'Query Text': `SELECT '${s}'`, 'Query Parameters': `$1 = '${s}'`, Plan: { 'Node Type': 'Result', Filter: `(a = '${s}')`, Output: [`'${s}'`], 'Sort Key': [`'${s}'`], [s]: s, Odd: { a: s } } })}\n`,
  ],
  [
    'a YAML plan',
    (s) =>
      `${T}LOG:  duration: 1 ms  plan:\n\tQuery Text: "SELECT '${s}',\\n \\"a\\""\n\tPlan: \n\t  Node Type: "Result"\n\t  Filter: "(a = '${s}')"\n`,
  ],
  [
    'an XML plan',
    (s) =>
      `${T}LOG:  duration: 1 ms  plan:\n\t<explain>\n\t  <Query-Text>SELECT '${s}'</Query-Text>\n\t  <Plan><Filter>(a = '${s}')</Filter></Plan>\n\t</explain>\n`,
  ],
  [
    'a cut JSON plan',
    (s) => `${T}LOG:  duration: 1 ms  plan:\n\t{"Query Text": "SELECT '${s}', ' ... ${s}\n`,
  ],
  ['csvlog', (s) => csv(`value "${s}" is out of range for type integer`, `Key (a)=(${s})`, `SELECT '${s}'`)],
  [
    'jsonlog',
    (s) =>
      `${JSON.stringify({ timestamp: '2024-05-06 07:08:09.120 UTC', error_severity: 'LOG', message: `duration: 1 ms  statement: SELECT '${s}'`, detail: s })}\n`,
  ],
  ['MySQL', (s) => `# Query_time: 1  Lock_time: 0\nSELECT "${s}", 'a\\'${s}' # ${s}\n, 0x00, "${s}\n`],
  ['MySQL explain', (s) => `# Query_time: 1  Lock_time: 0\n# explain: 1 SIMPLE ${s}\nSELECT "${s}";\n`],
];

describe.each(LOGS)('nothing of %s', (_, log) => {
  test('leaves the decoder', () => {
    const secret = fc.oneof(
      fc.stringMatching(/^[a-z]{4,10}$/).map((w) => `zq${w}`),
      fc.integer({ min: 100_000, max: 999_999_999 }).map((n) => String(n)),
      fc.stringMatching(/^[a-z]{4,10}$/).map((w) => `zq${w}-é ${w}`),
    );
    fc.assert(
      fc.property(secret, (s) => {
        expect(told(log(s))).not.toContain(s.split(' ')[0]);
      }),
      { numRuns: 50 },
    );
  });
});
