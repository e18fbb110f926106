import { expect, test } from 'vitest';
import { formatSql } from './format-sql.ts';

test.each([
  [
    'postgresql',
    'SELECT a FROM t WHERE b = ? AND c = $1',
    'SELECT\n  a\nFROM\n  t\nWHERE\n  b = ?\n  AND c = $1',
  ],
  ['mysql', 'SELECT `a` FROM t LIMIT ?', 'SELECT\n  `a`\nFROM\n  t\nLIMIT\n  ?'],
  ['postgresql', 'SELECT "cut…', 'SELECT "cut…'],
  ['other', '{"find": ?', '{"find": ?'],
] as const)('%s: %s', (system, text, formatted) => {
  expect(formatSql(text, system)).toBe(formatted);
});

test('a very long statement stays as it is', () => {
  const long = `SELECT ${'a, '.repeat(5000)}b FROM t`;
  expect(formatSql(long, 'postgresql')).toBe(long);
});
