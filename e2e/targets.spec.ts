import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { test as base, expect } from 'playwright/test';
import { says, TargetServer } from '#tests/scrape/target-server.ts';
import { type App, discard, startApp, temporaryFolder } from '#tests/support/app.ts';

interface Scraped {
  readonly app: App;
  readonly config: string;
  readonly good: string;
  readonly bad: string;
}

/** An app that scrapes one target that answers and one that refuses. */
const test = base.extend<object, { readonly scraped: Scraped }>({
  scraped: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures a fixture needs from this pattern
    async ({}, use) => {
      const servers = await Promise.all([
        TargetServer.start(says('orders_total 5\n')),
        TargetServer.start((_request, response) => response.writeHead(401).end()),
      ]);
      const [good = '', bad = ''] = servers.map(({ address }) => address);
      const dataDir = temporaryFolder();
      const config = path.join(dataDir, 'config.yml');
      writeFileSync(
        config,
        `global: {scrape_interval: 1s}\nscrape_configs:\n  - job_name: shop\n    static_configs: [{targets: ["${good}", "${bad}"], labels: {team: checkout}}]\n  - job_name: empty\n`,
      );
      const app = await startApp({ dataDir, env: { CHOKEPOINT_CONFIG: config } });
      await use({ app, config, good, bad });
      await discard(app);
      await Promise.all(servers.map((server) => server.stop()));
    },
    { scope: 'worker', timeout: 120_000 },
  ],
  baseURL: async ({ scraped }, use) => use(scraped.app.url),
});

test('a target that fails comes first, with its error and what to do', async ({ scraped, page }) => {
  await page.goto('/targets');
  const pool = page.getByRole('region', { name: 'shop' });
  await expect(pool.getByText('1 of 2 up')).toBeVisible();
  const items = pool.locator('summary');
  await expect(items.first()).toContainText(scraped.bad);
  await expect(items.first()).toContainText('Down');
  await expect(items.nth(1)).toContainText('1 sample');
  await expect(pool.getByText('server returned HTTP status 401 Unauthorized')).toBeVisible();
  await expect(pool.getByText(/Check basic_auth or authorization/)).toBeVisible();
});

test('details open by keyboard; the filter stands in the URL', async ({ scraped, page }) => {
  await page.goto('/targets');
  const up = page.locator('summary', { hasText: scraped.good });
  await up.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('link', { name: `http://${scraped.good}/metrics` })).toBeVisible();
  await expect(up.locator('..').getByText('__scrape_interval__="1s"')).toBeVisible();
  await page.getByLabel('Health').selectOption('down');
  await expect(page).toHaveURL(/health=down/);
  await expect(up).toHaveCount(0);
  await page.reload();
  await expect(page.locator('summary')).toHaveCount(1);
  await page.getByRole('button', { name: 'Clear' }).click();
  await expect(up).toBeVisible();
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`no serious accessibility violation, on a phone too (${colorScheme})`, async ({ page }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto('/targets');
    await page.locator('summary').first().click();
    const { violations } = await new AxeBuilder({ page })
      .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
      .analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target).join()}`)).toEqual(
      [],
    );
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow, 'pixels that stand out sideways').toBeLessThanOrEqual(0);
  });
}

test('a file that turns bad is told, and healed', async ({ scraped, page }) => {
  const before = readFileSync(scraped.config, 'utf8');
  await page.goto('/targets');
  writeFileSync(scraped.config, before.replace('job_name: empty', 'jobname: empty'));
  const alert = page.getByRole('alert').filter({ hasText: 'configuration' });
  await expect(alert).toContainText("did you mean 'job_name'?");
  writeFileSync(scraped.config, before);
  await expect(alert).toHaveCount(0);
});
