import { readFile } from 'node:fs/promises';
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from 'playwright/test';
import type { App } from '#tests/support/app.ts';
import { askJson, test, waitFor } from './support/shop.ts';

const EVIL = '=<img src=x onerror="document.title=`owned`">';
const TRACE = 'ababababababababababababababab01';
const RATE = 'sum by (route) (rate(e2e_requests_total[2m]))';

const explore = (...queries: string[]): string =>
  `/explore?${new URLSearchParams(queries.map((query) => ['q', query]))}`;

/** A counter with two routes over the last half hour, one of them named by an attacker; a gauge; an exemplar. */
async function feed(shop: App): Promise<void> {
  const now = Math.floor(Date.now() / 1000);
  const lines = ['# HELP e2e_requests Requests that were made up.', '# TYPE e2e_requests counter'];
  for (const [route, perStep] of [
    ['/cart', 30],
    [EVIL, 6],
  ] as const)
    for (let i = 0; i <= 120; i++) {
      const exemplar = route === '/cart' && i === 60 ? ` # {trace_id="${TRACE}"} 1 ${now - 900}` : '';
      lines.push(
        `e2e_requests_total{route=${JSON.stringify(route)}} ${i * perStep} ${now - (120 - i) * 15}${exemplar}`,
      );
    }
  lines.push('# TYPE e2e_temperature gauge', `e2e_temperature -1.5 ${now - 1}`, '# EOF', '');
  const sent = await fetch(`${shop.url}/api/v1/import/prometheus`, {
    method: 'POST',
    headers: { 'content-type': 'application/openmetrics-text; version=1.0.0; charset=utf-8' },
    body: lines.join('\n'),
  });
  expect(sent.status, await sent.text()).toBe(204);
}

let fed: Promise<void> | undefined;
test.beforeEach(async ({ shop }) => {
  fed ??= feed(shop);
  await fed;
});

const editor = (page: Page, letter = 'A') =>
  page.locator('.cm-content').and(page.getByRole('textbox', { name: `Query ${letter}` }));

async function settled(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page.getByRole('status', { name: /loading/i })).toHaveCount(0);
}

test('a query is completed while it is typed, runs by keyboard and stands in the URL', async ({ page }) => {
  await page.goto('/explore');
  await editor(page).click();
  await page.keyboard.type('e2e_req');
  await page.getByRole('option', { name: 'e2e_requests_total' }).first().click();
  await expect(editor(page)).toContainText('e2e_requests_total');
  await page.keyboard.press('ControlOrMeta+Enter');
  await expect(page).toHaveURL(/q=e2e_requests_total/);
  const legend = page.getByRole('region', { name: /^Series of/ });
  await expect(legend.getByRole('row')).toHaveCount(3);
  await page.reload();
  await expect(editor(page)).toContainText('e2e_requests_total');
  await expect(legend.getByRole('row')).toHaveCount(3);
});

test('a faulty query is explained and underlined where it stands, and the others still answer', async ({
  page,
}) => {
  await page.goto(explore(RATE, 'sum(rate(e2e_requests_total[5m])'));
  await expect(page.getByRole('alert').filter({ hasText: 'never closed' })).toBeVisible();
  await expect(page.locator('.cm-lintRange-error, .cm-lintPoint-error')).toHaveCount(1);
  await expect(page.getByRole('region', { name: /^Series of/ })).toBeVisible();
  await editor(page, 'B').click();
  await page.keyboard.press('ControlOrMeta+End');
  await page.keyboard.type(')');
  await page.keyboard.press('Enter');
  await expect(page.getByText('never closed')).toHaveCount(0);
});

test('queries of one unit share a graph; one can be hidden and removed', async ({ page }) => {
  await page.goto(explore(RATE, 'sum(rate(e2e_requests_total[2m]))'));
  const legend = page.getByRole('region', { name: 'Series of Queries A, B' });
  await expect(legend.getByRole('row')).toHaveCount(4);
  await page.getByRole('button', { name: 'Hide query B' }).click();
  await expect(page).toHaveURL(/hide=B/);
  await expect(page.getByRole('region', { name: /^Series of/ }).getByRole('row')).toHaveCount(3);
  await page.getByRole('button', { name: 'Remove query A' }).click();
  await expect(page).not.toHaveURL(/route/);
  await page.goBack();
  await expect(editor(page)).toContainText('sum by (route)');
});

test('a click in the legend isolates a series, and a drag zooms', async ({ page }) => {
  await page.goto(explore(RATE));
  const legend = page.getByRole('region', { name: /^Series of/ });
  const cart = legend.getByRole('button', { name: /cart/ });
  await cart.click();
  await expect(legend.locator('[aria-pressed=false]')).toHaveCount(1);
  await cart.click();
  await expect(legend.locator('[aria-pressed=false]')).toHaveCount(0);
  const box = await page.locator('.cursor-crosshair').boundingBox();
  if (!box) throw new Error('the plot has no place');
  await page.mouse.move(box.x + box.width * 0.6, box.y + 20);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.8, box.y + 30, { steps: 4 });
  await page.mouse.up();
  await expect(page).toHaveURL(/from=\d{13}&to=\d{13}|to=\d{13}.*from=\d{13}/);
});

test('a table shows exact numbers and its CSV cannot run as a formula', async ({ page }) => {
  await page.goto(`${explore('e2e_requests_total')}&tab=table`);
  await expect(page.getByRole('cell', { name: '3600' })).toBeVisible();
  await expect(page.getByText(EVIL)).toBeVisible();
  await expect(page).not.toHaveTitle('owned');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'CSV' }).click(),
  ]);
  const text = await readFile(await download.path(), 'utf8');
  expect(text).toContain(`"'=<img src=x`);
  expect(text).toMatch(/,3600\r\n/);
});

test('stat shows a number that is below zero', async ({ page }) => {
  await page.goto(`${explore('e2e_temperature')}&tab=stat`);
  await expect(page.getByText('−1.5', { exact: true })).toBeVisible();
});

test('the explanation counts what is read', async ({ page }) => {
  await page.goto(explore(RATE));
  await page.getByRole('button', { name: 'Explain' }).click();
  const reads = page.getByRole('table', { name: 'What query A reads' });
  await expect(reads.getByRole('row').nth(1)).toContainText('e2e_requests_total[2m]');
  await expect(page.getByText('one result per route')).toBeVisible();
  await expect(page.getByText('2 series', { exact: true }).first()).toBeVisible();
});

test('an empty page offers queries over what is stored', async ({ page }) => {
  await page.goto('/explore');
  await page
    .getByRole('button', { name: /Which targets answer|per second/ })
    .first()
    .click();
  await expect(page).toHaveURL(/q=/);
  await settled(page);
});

test('a metric is found by its help, and a label value goes into the editor', async ({ page }) => {
  await page.goto('/explore');
  await page.getByRole('button', { name: 'Metrics', exact: true }).click();
  await page.getByLabel('Search by name or help').fill('made up');
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /e2e_requests_total/ })
    .click();
  await page.getByRole('button', { name: '/cart' }).click();
  await expect(editor(page)).toContainText('e2e_requests_total{route="/cart"}');
});

test('what was run is kept in this browser and can be run again', async ({ page }) => {
  await page.goto('/explore');
  await editor(page).fill('e2e_temperature');
  await page.getByRole('button', { name: 'Run' }).click();
  await expect(page).toHaveURL(/e2e_temperature/);
  await page.goto('/explore');
  await page.getByRole('button', { name: 'History' }).click();
  await expect(page.getByText('Kept in this browser only')).toBeVisible();
  await page.getByRole('button', { name: /^e2e_temperature/ }).click();
  await expect(page).toHaveURL(/e2e_temperature/);
});

test('a query is formatted as Prometheus does', async ({ page }) => {
  await page.goto(explore('sum by(route)(rate(e2e_requests_total[2m]))'));
  await page.getByRole('button', { name: 'Format query A' }).click();
  await expect(editor(page)).toHaveText(RATE);
});

test('a snapshot shows the page frozen, an embed the graph alone', async ({ shop, page }) => {
  const post = async (path: string, body: unknown) => {
    const response = await fetch(shop.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(response.status, await response.clone().text()).toBe(201);
    return response.json();
  };
  const { url } = await post('/api/v1/snapshots', {
    url: `${explore(RATE, 'e2e_temperature')}&tab=graph&explain=1`,
  });
  await page.goto(url);
  await expect(page.getByRole('region', { name: /^Series of/ })).toHaveCount(2);
  await expect(page.locator('.cm-content')).toHaveCount(0);
  await expect(page.getByText('one result per route')).toBeVisible();
  const queries = JSON.stringify([RATE, 'sum(rate(e2e_requests_total[2m]))']);
  const embed = await post('/api/v1/embeds', {
    panel: 'explore.graph',
    params: { queries },
    origins: ['https://wiki.example.org'],
  });
  await page.goto(`/embed/${embed.token}`);
  await expect(page.getByText('Queries A, B').first()).toBeVisible();
  const svg = await fetch(`${shop.url}/embed/${embed.token}.svg`);
  expect(svg.status).toBe(200);
});

test('a dot on the graph opens the trace behind it', async ({ shop, page }) => {
  const at = BigInt(Date.now() - 900_000) * 1_000_000n;
  const span = {
    traceId: TRACE,
    spanId: 'ababababababab01',
    name: 'GET /cart',
    kind: 2,
    startTimeUnixNano: String(at),
    endTimeUnixNano: String(at + 5_000_000n),
  };
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'e2e' } }] };
  await fetch(`${shop.url}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans: [span] }] }] }),
  });
  const from = Math.floor(Date.now() / 1000) - 3600;
  const stored = await askJson<{ data: readonly unknown[] }>(
    shop,
    `/api/v1/query_exemplars?query=e2e_requests_total&start=${from}&end=${from + 7200}`,
  );
  test.skip(stored.data.length === 0, 'this store keeps no exemplars yet');
  await page.goto(explore(RATE));
  await page.locator(`a[href*="${TRACE}"][title*="open the trace"]`).click();
  await expect(page).toHaveURL(new RegExp(`/traces/${TRACE}`));
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
});

test('only this page loads the editor', async ({ page }) => {
  const scripts: Promise<string>[] = [];
  page.on('response', (response) => {
    if (response.url().includes('/_next/static/chunks/')) scripts.push(response.text().catch(() => ''));
  });
  const loaded = async () =>
    (await Promise.all(scripts)).some((text) => text.includes('cm-tooltip-autocomplete'));
  for (const path of ['/', '/services', '/storage']) {
    await page.goto(path, { waitUntil: 'networkidle' });
    expect(await loaded(), path).toBe(false);
  }
  await page.goto('/explore', { waitUntil: 'networkidle' });
  await expect(editor(page)).toBeVisible();
  expect(await loaded()).toBe(true);
});

test('the storage page says what is kept and leads to the metrics behind it', async ({ shop, page }) => {
  await waitFor(
    'own metrics arrive',
    () => askJson<{ samples: number }>(shop, '/api/ui/storage'),
    ({ samples }) => samples > 0,
  );
  await page.goto('/storage');
  await expect(page.getByText('for 15 days')).toBeVisible();
  await page.getByRole('link', { name: 'See the largest metrics' }).click();
  await expect(page).toHaveURL(/\/explore\?.*topk/);
  await expect(page.getByRole('table').getByRole('row').nth(1)).toBeVisible();
});

const STATES: readonly (readonly [name: string, path: string])[] = [
  ['explore, empty', '/explore'],
  ['explore, graph', `${explore(RATE, 'e2e_temperature', 'sum(')}&explain=1`],
  ['explore, table', `${explore('e2e_requests_total')}&tab=table`],
  ['explore, stat', `${explore(RATE)}&tab=stat`],
  ['storage', '/storage'],
];

for (const [name, path] of STATES) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`${name} has no serious accessibility violation (${colorScheme})`, async ({ page }) => {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.goto(path, { waitUntil: 'networkidle' });
      await settled(page);
      const { violations } = await new AxeBuilder({ page })
        .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
        .analyze();
      const serious = violations.filter((v) => v.impact === 'serious' || v.impact === 'critical');
      expect(serious.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`)).toEqual([]);
    });
  }

  test(`${name} fits a phone`, async ({ page }) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(path, { waitUntil: 'networkidle' });
    await settled(page);
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow, 'pixels that stand out sideways').toBeLessThanOrEqual(0);
  });
}
