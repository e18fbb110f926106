import AxeBuilder from '@axe-core/playwright';
import { expect } from 'playwright/test';
import { askJson, test, waitFor } from './support/shop.ts';

const PAGES: readonly (readonly [name: string, path: string])[] = [
  ['overview', '/'],
  ['services', '/services'],
  ['service', '/services/storefront'],
  ['queries', '/queries'],
  ['traces', '/traces'],
  ['findings', '/findings'],
  ['playbooks', '/playbooks'],
  ['playbook', '/playbooks/add-index'],
  ['connect', '/connect'],
  ['targets', '/targets'],
  ['demo', '/demo'],
];

for (const [name, path] of PAGES) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`${name} has no serious accessibility violation (${colorScheme})`, async ({ page }) => {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.goto(path);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      await expect(page.getByRole('status', { name: /loading/i })).toHaveCount(0);
      const { violations } = await new AxeBuilder({ page })
        .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
        .analyze();
      const serious = violations.filter((v) => v.impact === 'serious' || v.impact === 'critical');
      expect(serious.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`)).toEqual([]);
    });
  }

  test(`${name} fits a phone`, async ({ page }) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(path);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expect(page.getByRole('status', { name: /loading/i })).toHaveCount(0);
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow, 'pixels that stand out sideways').toBeLessThanOrEqual(0);
  });
}

test('a trace opens by keyboard alone', async ({ shop, page }) => {
  await waitFor(
    'a trace arrives',
    () => askJson<{ data: unknown[] }>(shop, '/api/traces?service=storefront&limit=1'),
    ({ data }) => data.length > 0,
  );
  await page.goto('/traces?service=storefront');
  const first = page.getByRole('table').getByRole('link').first();
  await first.focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/traces\/[0-9a-f]{32}/);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
});

test('markup in names is shown, never run', async ({ shop, page }) => {
  const evil = '<img src=x onerror="document.title=`owned`">';
  const at = Date.now();
  const span = {
    traceId: 'feedfacefeedfacefeedfacefeedface',
    spanId: 'feedfacefeedface',
    name: evil,
    kind: 2,
    startTimeUnixNano: `${at}000000`,
    endTimeUnixNano: `${at + 5}000000`,
    attributes: [{ key: evil, value: { stringValue: `javascript:alert(1)${evil}` } }],
  };
  const body = {
    resourceSpans: [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: evil } }] },
        scopeSpans: [{ spans: [span] }],
      },
    ],
  };
  const sent = await fetch(`${shop.url}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(sent.status).toBe(200);
  for (const path of [
    '/',
    '/services',
    `/services/${encodeURIComponent(evil)}`,
    '/traces',
    '/traces/feedfacefeedfacefeedfacefeedface',
  ]) {
    await page.goto(path);
    await expect(page.getByText(evil).filter({ visible: true }).first()).toBeVisible();
    await expect(page).not.toHaveTitle('owned');
    expect(await page.locator('img').count()).toBe(0);
  }
});
