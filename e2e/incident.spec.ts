import { mkdirSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import path from 'node:path';
import Database from 'better-sqlite3';
import { expect } from 'playwright/test';
import type { Finding } from '#lib/model/finding.ts';
import { startApp } from '#tests/support/app.ts';
import { askJson, test, turn, waitFor } from './support/shop.ts';

/** A wiki page on an origin of its own. */
async function wikiPage(html: string): Promise<{ origin: string; server: Server }> {
  const server = createServer((_request, response) =>
    response.writeHead(200, { 'content-type': 'text/html' }).end(html),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return { origin: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`, server };
}

test.describe.configure({ mode: 'serial' });

test('telemetry of the shop arrives and is drawn', async ({ shop, page }) => {
  await waitFor(
    'all three signals arrive',
    () => askJson<{ arrivals: { signal: string; count: number }[] }>(shop, '/api/ui/connect'),
    ({ arrivals }) =>
      ['metrics', 'spans', 'statements'].every((signal) =>
        arrivals.some((a) => a.signal === signal && a.count > 0),
      ),
    90_000,
  );
  await page.goto('/?from=now-5m&to=now');
  await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();
  await page.getByRole('link', { name: 'orders', exact: true }).first().click();
  await expect(page.getByRole('heading', { level: 1, name: 'orders' })).toBeVisible();
  const latency = page.locator('#latency');
  // A line needs two points, and a young shop has one for a while.
  await expect(latency.locator('svg path.recharts-curve').first()).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole('table', { name: 'Operations' }).getByRole('row')).not.toHaveCount(1);
});

test('dragging over a chart zooms all of them, and one click returns', async ({ page }) => {
  await page.goto('/services/orders?from=now-5m&to=now');
  const chart = page.locator('#latency svg.recharts-surface').first();
  await expect(chart).toBeVisible();
  const box = await chart.boundingBox();
  if (!box) throw new Error('the chart has no box');
  await page.mouse.move(box.x + box.width * 0.5, box.y + box.height * 0.4);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.8, box.y + box.height * 0.4, { steps: 8 });
  await page.mouse.up();
  await expect(page).toHaveURL(/from=\d{13}/);
  await page
    .getByRole('button', { name: /reset zoom/i })
    .first()
    .click();
  await expect(page).toHaveURL(/from=now-5m/);
});

let finding: Finding;

test('a fault becomes a card with proof and a playbook within a minute, without a reload', async ({
  shop,
  page,
}) => {
  await page.goto('/?from=now-15m&to=now');
  await turn(shop, 'n-plus-one', true);
  const verdict = page.getByRole('region', { name: 'Verdict' });
  await expect(verdict).toContainText(/times per request/, { timeout: 60_000 });
  const found = await askJson<Finding[]>(
    shop,
    '/api/v1/findings?state=open&detector=db-n-plus-one&from=0&to=now',
  );
  expect(found).toHaveLength(1);
  finding = found[0] as Finding;
  expect(finding.subject.service).toBe('orders');

  await verdict.getByRole('link', { name: /proof/ }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText(finding.title);
  const trace = finding.evidence.find((e) => e.kind === 'trace');
  expect(trace?.spanIds?.length).toBeGreaterThanOrEqual(5);

  const step = page.getByRole('checkbox').first();
  await step.check();
  await page.reload();
  await expect(page.getByRole('checkbox').first()).toBeChecked();
});

test('the trace that proves it opens on its waterfall', async ({ page }) => {
  const trace = finding.evidence.find((e) => e.kind === 'trace');
  await page.goto(`/traces/${trace?.traceId}?span=${trace?.spanIds?.[0]}`);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page.getByText('order_items').first()).toBeVisible();
});

test('a snapshot of the page keeps its data after the live data are gone', async ({
  shop,
  page,
  browser,
}) => {
  await page.goto('/services/orders?from=now-15m&to=now');
  await expect(page.locator('#latency svg path.recharts-curve').first()).toBeVisible();
  await page.getByRole('button', { name: 'Share a snapshot of this page' }).click();
  await page.getByLabel('Title (optional)').fill('N+1 in <b>orders</b>');
  await page.getByRole('button', { name: 'Create snapshot' }).click();
  const link = page.getByRole('link', { name: 'Open the snapshot' });
  await expect(link).toBeVisible();
  const shared = await link.getAttribute('href');

  // A copy of the data folder in which every table but the snapshots' own is empty.
  await turn(shop, 'n-plus-one', false);
  const copy = `${shop.dataDir}-copy`;
  const source = new Database(path.join(shop.dataDir, 'chokepoint.db'), { readonly: true });
  mkdirSync(copy);
  await source.backup(path.join(copy, 'chokepoint.db'));
  source.close();
  const emptied = new Database(path.join(copy, 'chokepoint.db'));
  const tables = emptied
    .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    .pluck()
    .all() as string[];
  for (const table of tables.filter((name) => !['_prisma_migrations', 'Snapshot'].includes(name)))
    emptied.exec(`DELETE FROM "${table}"`);
  emptied.close();
  const later = await startApp({ dataDir: copy });
  try {
    expect(await askJson(later, '/api/v1/services?from=now-1h&to=now')).toEqual([]);
    const reader = await browser.newPage();
    await reader.goto(`${later.url}${shared}`);
    await expect(reader.getByText('N+1 in <b>orders</b>')).toBeVisible();
    await expect(reader.locator('#latency svg path.recharts-curve').first()).toBeVisible();
    await expect(reader.getByText(/times per request/).first()).toBeVisible();
    await reader.close();
  } finally {
    await later.stop();
    rmSync(copy, { recursive: true, force: true });
  }
});

test('an embedded panel is drawn on the listed site and refused on another', async ({
  shop,
  page,
  consoleErrors,
}) => {
  const wiki = await wikiPage('');
  const stranger = await wikiPage('');
  try {
    const response = await fetch(`${shop.url}/api/v1/embeds`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        panel: 'service.latency',
        params: { service: 'orders' },
        from: 'now-15m',
        to: 'now',
        origins: [wiki.origin],
      }),
    });
    expect(response.status).toBe(201);
    const { iframe } = (await response.json()) as { iframe: string };
    for (const { server } of [wiki, stranger]) {
      server.removeAllListeners('request');
      server.on('request', (_request, answer) =>
        answer.writeHead(200, { 'content-type': 'text/html' }).end(`<h1>Wiki</h1>${iframe}`),
      );
    }
    await page.goto(wiki.origin);
    await expect(page.frameLocator('iframe').locator('svg path.recharts-curve').first()).toBeVisible();
    expect(consoleErrors).toEqual([]);

    await page.goto(stranger.origin);
    await expect.poll(() => consoleErrors.join('\n')).toContain('frame-ancestors');
    await expect(page.frameLocator('iframe').locator('svg')).toHaveCount(0);
    consoleErrors.length = 0;
  } finally {
    wiki.server.close();
    stranger.server.close();
  }
});
