import type { Database } from '../database.ts';
import type { Groups } from './groups.ts';
import type { Turns } from './turns.ts';

/** What all work on resting metrics shares. */
export interface Shop {
  readonly db: Database;
  /** Of the database: appends wait for no more than one of them. */
  readonly turns: Turns;
  /** Of reading rows, changing and writing them back: one such step at a time. */
  readonly steps: Turns;
  readonly groups: Groups;
}
