import { randomBytes } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';

export interface DataFolder {
  /** 32 random bytes made on first use. */
  readonly secret: Uint8Array;
  release(): void;
}

/**
 * Claims the data folder for this process until `release` or death. The claim is a lock held by the operating
 * system (an exclusive SQLite transaction), so that a killed process leaves none behind.
 * Throws an Error with one line for a person.
 */
export function claimDataFolder(dir: string): DataFolder {
  try {
    mkdirSync(dir, { recursive: true });
    accessSync(dir, constants.W_OK | constants.X_OK);
    writeFileSync(path.join(dir, '.writable'), '');
  } catch (cause) {
    throw new Error(
      `The data folder ${dir} cannot be written (${(cause as NodeJS.ErrnoException).code}): give this user access to it, or set CHOKEPOINT_DATA to another folder.`,
      { cause },
    );
  }
  const ownerFile = path.join(dir, 'owner.pid');
  const lock = new Database(path.join(dir, 'owner.lock'), { timeout: 0 });
  try {
    lock.pragma('journal_mode = DELETE');
    lock.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    lock.close();
    const owner = existsSync(ownerFile) ? readFileSync(ownerFile, 'utf8').trim() : 'unknown';
    throw new Error(
      `The data folder ${dir} is in use by process ${owner}: stop that one, or set CHOKEPOINT_DATA to another folder.`,
      { cause },
    );
  }
  writeFileSync(ownerFile, String(process.pid));
  return { secret: readSecret(path.join(dir, 'secret')), release: () => lock.close() };
}

function readSecret(file: string): Uint8Array {
  if (!existsSync(file)) writeFileSync(file, randomBytes(32), { mode: 0o600 });
  return readFileSync(file);
}
