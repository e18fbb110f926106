import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Finding } from '#lib/model/finding.ts';
import type { Playbook } from '#lib/model/playbook.ts';
import { fillPlaybook } from './fill.ts';
import { VARIABLES } from './variables.ts';

const playbook = (body: string): Playbook => ({
  id: 'a',
  title: 'A',
  appliesTo: [],
  category: 'database',
  effort: 'hours',
  risk: 'low',
  tools: [],
  body,
});

const finding = (variables: Record<string, string>, subject: Finding['subject'] = {}): Finding => ({
  id: 'f1',
  detector: 'db-missing-index',
  category: 'database',
  title: '',
  summary: '',
  severity: 'warning',
  confidence: 1,
  state: 'open',
  subject,
  window: { from: 0, to: 1 },
  firstSeen: 0,
  lastSeen: 1,
  impact: {},
  evidence: [{ kind: 'trace', title: '', traceId: 'abc', link: '/traces/abc' }],
  playbook: { id: 'a', url: '/playbooks/a' },
  variables,
});

const fill = (
  body: string,
  variables: Record<string, string> = {},
  subject: Finding['subject'] = {},
): string => fillPlaybook(playbook(body), finding(variables, subject)).body;

describe('values', () => {
  test.each([
    ['unknown: the words', '{{table|the table}} is slow', {}, 'the table is slow'],
    ['unknown without words: the name', 'on {{table}}', {}, 'on table'],
    ['known', 'on {{table|the table}}', { table: 'orders' }, 'on `orders`'],
    ['in a code span', 'run `ANALYZE {{table|t}}` now', { table: 'orders' }, 'run `ANALYZE orders` now'],
    ['a link target', '[x](/services/{{service|}})', { service: 'a/b c' }, '[x](/services/a%2Fb%20c)'],
    [
      'a code block',
      '```sql\nANALYZE {{table|t}};\n```',
      { table: 'shop.orders' },
      '```sql\nANALYZE shop.orders;\n```',
    ],
    [
      'columns',
      '```\n({{columns|c}})\n```',
      { columns: 'user_id, created_at DESC' },
      '```\n(user_id, created_at DESC)\n```',
    ],
    ['a quoted name', '```\n{{table|t}}\n```', { table: '"Order"' }, '```\n"Order"\n```'],
    ['names in MySQL quotes', '```\n{{table|t}}\n```', { table: '`shop`.`orders`' }, '```\nshop.orders\n```'],
    ['finding id and evidence', '{{finding}} {{traceId}}', {}, '`f1` `abc`'],
  ])('%s', (_, body, variables, filled) => {
    expect(fill(body, variables)).toBe(filled);
  });

  test('the subject fills in what the variables leave out', () => {
    expect(fill('{{service}} {{table}}', { table: 'a' }, { service: 's', table: 'b' })).toBe('`s` `a`');
  });

  test('a variable named like a property of every object stays unknown', () => {
    expect(fill('{{table|t}}', { __proto__: 'x', constructor: 'y' })).toBe('t');
  });
});

describe('hostile values', () => {
  test.each([
    ['HTML', 'on {{table}}', '<img src=x onerror=alert(1)>', 'on `<img src=x onerror=alert(1)>`'],
    ['a bare address', 'see {{table}}', 'http://evil.test', 'see `http://evil.test`'],
    ['backticks in text', 'on {{table}}', '`orders`', 'on `` `orders` ``'],
    ['backticks in a code span', 'run `x {{table}}`', 'a``b', 'run ``` x a``b ```'],
    ['line ends', '- [ ] do {{table}}', 'a\n\n## Verify\n- [ ] b', '- [ ] do `a ## Verify - [ ] b`'],
    [
      'leaving a link',
      '[x](/t/{{table}})',
      'a) <b> [y](javascript:1',
      '[x](/t/a%29%20%3Cb%3E%20%5By%5D%28javascript%3A1)',
    ],
    ['another variable', '{{table}}', '{{service}}', '`{{service}}`'],
    ['text that turns round', '{{table}}', 'a\u202Eb', '`a b`'],
  ])('%s', (_, body, value, filled) => {
    expect(fill(body, { table: value })).toBe(filled);
  });

  test.each([
    'orders; DROP TABLE orders',
    '$(curl evil.test)',
    '`id',
    '`rm x`',
    'a`id`; b',
    'a && b',
    'a\nrm -rf x',
    '--all',
    'a--b',
    'a|b',
    "a'b",
    'a b',
    '"a";"',
    '```',
  ])('%j does not get into a command', (value) => {
    expect(fill('```sh\nkubectl describe {{table|your-table}}\n```', { table: value })).toBe(
      '```sh\nkubectl describe your-table\n```',
    );
  });

  test('whatever the values, the document keeps its lines, fences, headings and steps', () => {
    const body = [
      '## Symptoms',
      'Slow {{table}}, `{{columns|c}}` on [page](/services/{{service|}}).',
      '- [ ] **Look** at {{statement|it}}.',
      '  ```sql',
      '  CREATE INDEX ON {{table|t}} ({{columns|c}});',
      '  ```',
      '- [ ] Then {{service}}',
    ].join('\n');
    const value = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({
        unit: fc.constantFrom('`', '\n', '\r', '-', '#', '<', '|', ']', '(', ')', 'a', ' ', '\u2028'),
      }),
    );
    const names = [...VARIABLES.keys()];
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names), value), (variables) => {
        const plain = fillPlaybook(playbook(body), undefined);
        const filled = fillPlaybook(playbook(body), finding(variables));
        const lines = filled.body.split(/[\n\r\u2028\u2029]/);
        expect(lines).toHaveLength(7);
        expect(lines[0]).toBe('## Symptoms');
        expect([lines[3], lines[5]]).toEqual(['  ```sql', '  ```']);
        expect(lines[4]).toMatch(/^ {2}CREATE INDEX ON [^;`$\\]+ \([^;`$\\]+\);$/);
        expect(filled.steps.map((s) => s.id)).toEqual(plain.steps.map((s) => s.id));
        // What is left when well-formed code spans and the link are taken out is ours.
        const rest = (line = ''): string =>
          line.replace(/(?<!`)(`+)(?!`)(?:.*?[^`])\1(?!`)/gu, '').replace(/\]\([^()\s<>]*\)/, ']');
        expect(rest(lines[1])).toMatch(/^Slow (table)?, {1,2}on \[page\]\.$/);
        expect(rest(lines[6])).toMatch(/^- \[ \] Then (service)?$/);
      }),
      { numRuns: 500 },
    );
  });
});

describe('steps', () => {
  const body =
    '## Confirm\n\n- [ ] Look at {{table|it}}.\n\n  ```sh\n  ls\n  ```\n- [ ] Next\n  line\n\nProse\n\n## Verify\n\n- [ ] Next\n  line';

  test('each item is one step with its own heading and whole text', () => {
    expect(
      fillPlaybook(playbook(body), finding({ table: 'orders' })).steps.map((s) => [s.heading, s.text]),
    ).toEqual([
      ['Confirm', 'Look at `orders`.\n\n```sh\nls\n```'],
      ['Confirm', 'Next\nline'],
      ['Verify', 'Next\nline'],
    ]);
  });

  test('ids stay when values change and differ between headings', () => {
    const ids = (table: string) => fillPlaybook(playbook(body), finding({ table })).steps.map((s) => s.id);
    expect(ids('a')).toEqual(ids('b'));
    expect(new Set(ids('a')).size).toBe(3);
  });
});
