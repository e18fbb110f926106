import { setTimeout as sleep } from 'node:timers/promises';
import { whileOn } from './job.ts';
import { pool, withConnection } from './pool.ts';

const PAGE_FORMAT_MS = 1500;

/** As many workers as the pool has connections, each keeping one while it formats a page: the mistake. */
export function startReport(): void {
  whileOn('pool-exhausted', pool.options.max ?? 10, 'monthly-report', (stopped) =>
    withConnection(async (client) => {
      await client.query('SELECT id, total_cents FROM orders WHERE customer_id = $1 LIMIT 50', [
        1 + Math.floor(Math.random() * 300),
      ]);
      await sleep(PAGE_FORMAT_MS * (0.8 + 0.4 * Math.random()), undefined, { signal: stopped });
    }),
  );
}
