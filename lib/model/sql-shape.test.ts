import { describe, expect, test } from 'vitest';
import { normaliseStatement } from './sql/normalise.ts';
import { predicateColumns, tablesOf } from './sql-shape.ts';

const shape = (sql: string, dialect: 'postgresql' | 'mysql' = 'postgresql'): string =>
  normaliseStatement(sql, dialect).text;

describe('tablesOf', () => {
  test.each([
    ['SELECT 1', []],
    ['SELECT * FROM orders WHERE id = 1', ['orders']],
    ['SELECT * FROM public.orders o, "User Data" u WHERE o.id = u.id', ['public.orders', 'User Data']],
    ['SELECT * FROM a LEFT JOIN b USING (id) INNER JOIN c AS x ON x.id = a.id', ['a', 'b', 'c']],
    ['INSERT INTO orders (id, n) VALUES (1, 2) ON CONFLICT (id) DO UPDATE SET n = 3', ['orders']],
    ['INSERT INTO archive SELECT * FROM orders', ['archive', 'orders']],
    ['UPDATE orders o SET n = 1 WHERE id = 2', ['orders']],
    ['DELETE FROM orders WHERE id = 2', ['orders']],
    ['SELECT extract(day FROM created) FROM orders', ['orders']],
    ['SELECT a IS DISTINCT FROM b FROM orders', ['orders']],
    ['SELECT * FROM (SELECT id FROM a) s JOIN b ON true', ['a', 'b']],
    ['SELECT * FROM a WHERE id IN (SELECT a_id FROM b)', ['a', 'b']],
    ['WITH r AS (SELECT * FROM a), s (x) AS (SELECT 1 FROM b) SELECT * FROM r, s', ['a', 'b']],
    ['SELECT * FROM generate_series(1, 9) g JOIN a ON true', ['a']],
    ['SELECT * FROM a FOR UPDATE SKIP LOCKED', ['a']],
  ])('%s', (sql, tables) => {
    expect(tablesOf(shape(sql))).toEqual(tables);
  });

  test('MySQL names', () => {
    expect(tablesOf(shape('SELECT * FROM `db`.`t` USE INDEX (i) WHERE `a` = 1', 'mysql'))).toEqual(['db.t']);
    expect(tablesOf(shape('insert ignore into t set a = 1', 'mysql'))).toEqual(['t']);
  });
});

describe('predicateColumns', () => {
  test.each([
    ['SELECT * FROM o WHERE user_id = 1', { table: 'o', equality: ['user_id'], range: [], sort: [] }],
    [
      'SELECT * FROM o WHERE (o.user_id = 1 AND "state" IN (1,2)) AND at >= now() - interval \'1 day\' ORDER BY at DESC, id LIMIT 5',
      { table: 'o', equality: ['user_id', 'state'], range: ['at'], sort: ['at', 'id'] },
    ],
    [
      'DELETE FROM o WHERE at BETWEEN 1 AND 2 AND b IS NULL',
      { table: 'o', equality: ['b'], range: ['at'], sort: [] },
    ],
    ['UPDATE o SET a = 1, b = 2 WHERE id = 3', { table: 'o', equality: ['id'], range: [], sort: [] }],
    [
      "SELECT * FROM o WHERE lower(mail) = 'x' AND a <> 1 AND c = d AND m LIKE '%x'",
      { table: 'o', equality: [], range: [], sort: [] },
    ],
    ['SELECT * FROM o WHERE a = 1 OR b = 2', undefined],
    ['SELECT * FROM o JOIN p ON p.id = o.id WHERE a = 1', undefined],
    ['SELECT * FROM o WHERE a = (SELECT max(a) FROM o)', undefined],
    ['SELECT * FROM o ORDER BY length(a)', undefined],
    ['SELECT * FROM o', undefined],
    ['INSERT INTO o VALUES (1)', undefined],
  ])('%s', (sql, columns) => {
    expect(predicateColumns(shape(sql))).toEqual(columns);
  });
});
