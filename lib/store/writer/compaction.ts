import type { Database } from '../database.ts';
import type { CompactOrder } from './messages.ts';
import type { Turns } from './turns.ts';

export async function compact(_db: Database, _turns: Turns, _order: CompactOrder): Promise<undefined> {
  await Promise.resolve();
}
