import { Agent, request as httpRequest } from 'node:http';
import { expect, test } from 'vitest';
import { discard, startApp } from '../support/app.ts';

test('SIGTERM under load: what is under way finishes, what comes new reads 503, exit 0', async () => {
  const app = await startApp();
  const body = JSON.stringify({ kind: 'note', title: 'x' });
  const seen = new Map<string, number>();
  const agent = new Agent({ keepAlive: true, maxSockets: 4 });
  let stopping = false;

  /** Posts an event; its body takes `ms` to arrive. Resolves with the status, or the code of the error. */
  const post = (ms: number): Promise<number | string | undefined> =>
    new Promise((resolve) => {
      const sent = httpRequest(
        `${app.url}/api/v1/events`,
        { method: 'POST', agent: ms ? undefined : agent, headers: { 'content-type': 'application/json' } },
        (response) => {
          response.resume();
          response.on('end', () => resolve(response.statusCode));
        },
      );
      sent.on('error', (error: NodeJS.ErrnoException) => resolve(error.code));
      sent.write(body.slice(0, 5));
      setTimeout(() => sent.end(body.slice(5)), ms);
    });

  const slow = post(2500);
  const load = Array.from({ length: 4 }, async () => {
    for (let last: unknown; last !== 'ECONNREFUSED'; ) {
      const late = stopping;
      last = await post(0);
      const key = `${late ? 'after' : 'before'} ${String(last)}`;
      seen.set(key, (seen.get(key) ?? 0) + 1);
    }
  });
  await expect.poll(() => seen.get('before 201') ?? 0).toBeGreaterThan(20);
  stopping = true;
  const ended = await app.stop();
  await Promise.all(load);
  agent.destroy();
  await discard(app);
  expect(await slow).toBe(201);
  expect(ended.code).toBe(0);
  expect(seen.get('after 503') ?? 0).toBeGreaterThan(0);
  expect([...seen.keys()].filter((key) => / 500$/.test(key))).toEqual([]);
});

test('whoever reads its output may be gone: it still ends when told', async () => {
  const app = await startApp();
  app.child.stdout?.destroy();
  app.child.stderr?.destroy();
  const gaveUp = setTimeout(() => app.child.kill('SIGKILL'), 15_000);
  // It says so, to nobody.
  const ended = await app.stop();
  clearTimeout(gaveUp);
  await discard(app);
  expect(ended).toMatchObject({ code: 0, signal: null });
});
