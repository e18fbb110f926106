import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import process from 'node:process';
import { afterEach, describe, expect, test } from 'vitest';
import { App, discard, freePort, startApp, temporaryFolder } from '../support/app.ts';

const apps: App[] = [];
const folders: string[] = [];
afterEach(async () => {
  for (const app of apps.splice(0)) await discard(app);
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

async function launch(env: Record<string, string> = {}, dataDir?: string, port?: number): Promise<App> {
  const folder = dataDir ?? temporaryFolder();
  folders.push(folder);
  const app = new App(port ?? (await freePort()), folder, env);
  apps.push(app);
  return app;
}

describe('a start that cannot succeed is one clear line and exit 1', () => {
  test.each([
    [
      { CHOKEPOINT_RETENTION: 'forever' },
      /^CHOKEPOINT_RETENTION='forever' must be a duration or 0: give a duration/,
    ],
    [{ CHOKEPOINT_SELF: 'maybe' }, /^CHOKEPOINT_SELF='maybe' must be 'on' or 'off'/],
    [{ DATABASE_URL: 'mysql://root:hunter2@db/x' }, /^DATABASE_URL='…' must start with postgresql:\/\//],
  ])('%j', async (env, line) => {
    const ended = await (await launch(env as Record<string, string>)).ended;
    expect(ended.code).toBe(1);
    expect(ended.output).toMatch(line);
    expect(ended.output).not.toContain('hunter2');
    expect(ended.output.trim().split('\n')).toHaveLength(1);
  });

  test('port in use', async () => {
    const squatter = createServer();
    const port = await freePort();
    await new Promise<void>((resolve) => squatter.listen(port, '127.0.0.1', resolve));
    const ended = await (await launch({}, undefined, port)).ended;
    squatter.close();
    expect(ended.code).toBe(1);
    expect(ended.output).toBe(
      `Port ${port} on 127.0.0.1 is in use: stop the other program, or set PORT to a free port.\n`,
    );
  });

  test('data folder that is a file', async () => {
    const folder = temporaryFolder();
    folders.push(folder);
    const file = path.join(folder, 'data');
    writeFileSync(file, '');
    const ended = await (await launch({}, file)).ended;
    expect(ended.code).toBe(1);
    expect(ended.output).toMatch(/^The data folder .* cannot be written \(E[A-Z]+\): .*CHOKEPOINT_DATA/);
  });

  test.skipIf(process.getuid?.() === 0)(
    'data folder without write permission (not as root, who may write everywhere)',
    async () => {
      const folder = temporaryFolder();
      chmodSync(folder, 0o500);
      const ended = await (await launch({}, folder)).ended;
      expect(ended.code).toBe(1);
      expect(ended.output).toContain('cannot be written (EACCES)');
    },
  );

  test('a second process on one data folder, within a second', async () => {
    const first = await startApp();
    apps.push(first);
    const second = await launch({}, first.dataDir);
    const ended = await second.ended;
    expect(ended.code).toBe(1);
    expect(ended.output).toBe(
      `The data folder ${first.dataDir} is in use by process ${first.child.pid}: stop that one, or set CHOKEPOINT_DATA to another folder.\n`,
    );
    expect((await fetch(`${first.url}/readyz`)).status).toBe(200);
  });
});

describe('a start that succeeds', () => {
  test('says where it is and where the data lives, and ends cleanly on SIGTERM', async () => {
    const app = await startApp();
    apps.push(app);
    await expect.poll(() => app.output).toContain(`Chokepoint is ready at ${app.url}`);
    expect(app.output).toContain(`Data lives in ${app.dataDir}`);
    const ended = await app.stop('SIGTERM');
    expect(ended.code).toBe(0);
  });

  test('takes over the data folder of a process that was killed', async () => {
    const first = await startApp();
    apps.push(first);
    await first.stop('SIGKILL');
    const second = await startApp({ dataDir: first.dataDir });
    apps.push(second);
    expect((await fetch(`${second.url}/healthz`)).status).toBe(200);
  });

  test('answers only for its own names: 421 to a foreign Host', async () => {
    const app = await startApp();
    apps.push(app);
    const { request } = await import('node:http');
    const status = await new Promise<number | undefined>((resolve, reject) => {
      request(
        { host: '127.0.0.1', port: app.port, path: '/api/v1/services', headers: { host: 'evil.test' } },
        (response) => {
          response.resume();
          resolve(response.statusCode);
        },
      )
        .on('error', reject)
        .end();
    });
    expect(status).toBe(421);
  });
});
