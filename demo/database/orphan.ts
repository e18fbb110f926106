import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Command line of a process, `''` when there is none. */
function commandOf(pid: number): string {
  try {
    return execFileSync('ps', ['-o', 'args=', '-p', String(pid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch {
    return '';
  }
}

/** Stops a PostgreSQL that still runs on this folder because whoever started it was killed and could not. */
export async function stopOrphan(directory: string): Promise<void> {
  let pid: number;
  try {
    pid = Number.parseInt(readFileSync(path.join(directory, 'postmaster.pid'), 'utf8'), 10);
  } catch {
    return;
  }
  // Process ids are used again: only one that names this folder is ours.
  const isOurs = (): boolean => pid > 1 && commandOf(pid).includes(directory);
  if (!isOurs()) return;
  process.kill(pid, 'SIGQUIT');
  for (let tries = 0; tries < 50 && isOurs(); tries++) await sleep(100);
}
