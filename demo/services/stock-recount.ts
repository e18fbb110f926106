import { setTimeout as sleep } from 'node:timers/promises';
import { HOT_PRODUCTS } from '../shape.ts';
import { whileOn } from './job.ts';
import { ownClient } from './pool.ts';

const WAREHOUSE_ANSWER_MS = 1600;
const PAUSE_MS = 400;

/** Locks the popular products' stock and asks the warehouse about them inside the transaction: the mistake. */
export function startRecount(): void {
  whileOn('lock-contention', 1, 'stock-recount', async (stopped) => {
    const client = ownClient('stock-recount');
    await client.connect();
    try {
      await client.query('BEGIN');
      await client.query(
        'SELECT product_id, reserved FROM stock WHERE product_id <= $1 ORDER BY product_id FOR UPDATE',
        [HOT_PRODUCTS],
      );
      await sleep(WAREHOUSE_ANSWER_MS, undefined, { signal: stopped });
      await client.query('UPDATE stock SET counted_at = now() WHERE product_id <= $1', [HOT_PRODUCTS]);
      await client.query('COMMIT');
    } finally {
      await client.end();
    }
    await sleep(PAUSE_MS, undefined, { signal: stopped });
  });
}
