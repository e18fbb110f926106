import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

const OTHERS_MAY_ENTER = 0o001;

/** Whether every user may enter a folder (which need not exist yet) and all above it. */
export function isOpenToOthers(directory: string): boolean {
  for (let at = directory; ; at = path.dirname(at)) {
    const mode = statSync(at, { throwIfNoEntry: false })?.mode;
    if (mode !== undefined && (mode & OTHERS_MAY_ENTER) === 0) return false;
    if (at === path.dirname(at)) return true;
  }
}

/**
 * Where the shop's PostgreSQL keeps its files: in the data folder. As root it runs under another user, who may
 * not be allowed into the data folder; then in the system's folder for temporary files.
 */
export function databaseFolder(dataDir: string, isRoot: boolean): string {
  const wanted = path.join(dataDir, 'demo', 'postgres');
  if (!isRoot || isOpenToOthers(wanted)) return wanted;
  const mark = createHash('sha256').update(dataDir).digest('hex').slice(0, 8);
  return path.join(tmpdir(), `chokepoint-demo-${mark}`);
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
