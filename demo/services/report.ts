import { setTimeout as sleep } from 'node:timers/promises';
import { whileOn } from './job.ts';
import { withConnection } from './pool.ts';

const PAGE_FORMAT_MS = 1500;
const WORKERS = 14;

/** More workers than the pool has connections, each keeping one while it formats a page: the mistake. */
export function startReport(): void {
  whileOn('pool-exhausted', WORKERS, 'monthly-report', (stopped) =>
    withConnection(async (client) => {
      await client.query('SELECT id, total_cents FROM orders WHERE customer_id = $1 LIMIT 50', [
        1 + Math.floor(Math.random() * 300),
      ]);
      await sleep(PAGE_FORMAT_MS * (0.8 + 0.4 * Math.random()), undefined, { signal: stopped });
    }),
  );
}
