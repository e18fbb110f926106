import { expect, test } from 'vitest';
import { shortStatement } from './short-statement.ts';

test.each([
  ['SELECT id FROM t', 40, 'SELECT id FROM t'],
  [
    'SELECT order_id, product_id, quantity FROM order_items WHERE order_id = ?',
    48,
    'SELECT … FROM order_items WHERE order_id = ?',
  ],
  [
    'SELECT order_id, product_id, quantity FROM order_items WHERE order_id = ANY (?)',
    44,
    'SELECT … FROM order_items WHERE order_id = …',
  ],
  ['SELECT DISTINCT customer_id, name FROM customers', 40, 'SELECT DISTINCT … FROM customers'],
  ['UPDATE stock SET reserved = reserved + ? WHERE product_id = ?', 20, 'UPDATE stock SET re…'],
])('%s in %i', (text, length, expected) => {
  expect(shortStatement(text, length)).toBe(expected);
});
