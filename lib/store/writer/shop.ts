import type { Backend } from '../backend.ts';
import type { Database } from '../database.ts';
import { Groups } from './groups.ts';
import { Turns } from './turns.ts';

/** What all work on resting metrics shares. */
export interface Shop {
  readonly db: Database;
  readonly sqlite: boolean;
  /** Of the database: appends wait for no more than one of them. */
  readonly turns: Turns;
  /** Of reading rows, changing and writing them back: one such step at a time. */
  readonly steps: Turns;
  readonly groups: Groups;
}

export function openShop(db: Database, backend: Backend): Shop {
  const turns = new Turns();
  return { db, sqlite: backend === 'sqlite', turns, steps: new Turns(), groups: new Groups(db, turns) };
}
