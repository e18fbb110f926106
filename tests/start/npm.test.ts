import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { freePort, temporaryFolder } from '../support/app.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');

test('SIGTERM to `npm start` ends the server and frees its data folder', async () => {
  const dataDir = temporaryFolder();
  const port = await freePort();
  const start = () =>
    spawn('npm', ['start', '--silent'], {
      cwd: ROOT,
      stdio: 'ignore',
      env: { ...process.env, PORT: String(port), CHOKEPOINT_DATA: dataDir, CHOKEPOINT_SELF: 'off' },
    });
  const isReady = () =>
    fetch(`http://127.0.0.1:${port}/readyz`).then(
      (answer) => answer.status === 200,
      () => false,
    );
  const isGone = () =>
    fetch(`http://127.0.0.1:${port}/healthz`).then(
      () => false,
      () => true,
    );
  // Twice: a server left behind would keep the port and the folder from the second.
  for (let round = 0; round < 2; round++) {
    const npm = start();
    await expect.poll(isReady, { timeout: 30_000 }).toBe(true);
    npm.kill('SIGTERM');
    await expect.poll(isGone, { timeout: 15_000 }).toBe(true);
  }
  rmSync(dataDir, { recursive: true, force: true });
});
