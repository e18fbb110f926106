import { test as base, expect } from 'playwright/test';
import { type App, discard, freePort, startApp } from '#tests/support/app.ts';

export interface Fault {
  readonly name: string;
  readonly detector: string | null;
  readonly on: boolean;
}

/** One app with the demo shop for all specs of a worker: real services, a real database, real load. */
export const test = base.extend<{ readonly consoleErrors: string[] }, { readonly shop: App }>({
  shop: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures a fixture needs from this pattern
    async ({}, use) => {
      const demoPort = await freePort();
      const app = await startApp({
        env: { CHOKEPOINT_SELF: 'on', DEMO_PORT: String(demoPort) },
        args: ['--demo'],
      });
      await expect
        .poll(() => app.output, { timeout: 60_000, message: 'the shop opens' })
        .toContain('shop: open');
      await use(app);
      await discard(app);
    },
    { scope: 'worker', timeout: 120_000 },
  ],
  baseURL: async ({ shop }, use) => use(shop.url),
  /** Fails the test when the page logged an error. */
  consoleErrors: [
    async ({ page }, use) => {
      const errors: string[] = [];
      page.on('console', (message) => {
        if (message.type() === 'error') errors.push(message.text());
      });
      page.on('pageerror', (error) => errors.push(error.message));
      await use(errors);
      expect(errors, 'errors in the browser console').toEqual([]);
    },
    { auto: true },
  ],
});

export async function turn(shop: App, name: string, on: boolean): Promise<void> {
  const response = await fetch(`${shop.url}/api/demo/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name, on }),
  });
  expect(response.status, await response.text()).toBe(200);
}

/** Asks until the answer satisfies `good`, and returns it. */
export async function waitFor<T>(
  what: string,
  ask: () => Promise<T>,
  good: (answer: T) => boolean,
  timeoutMs = 60_000,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (good(answer)) return answer;
    if (Date.now() > deadline)
      throw new Error(
        `${what}: not within ${timeoutMs / 1000} s; last answer ${JSON.stringify(answer).slice(0, 500)}`,
      );
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

export const askJson = async <T>(shop: App, path: string): Promise<T> =>
  (await (await fetch(shop.url + path)).json()) as T;
