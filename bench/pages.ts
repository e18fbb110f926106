/**
 * How soon a reader sees something: the first chart of the overview from a cold browser, then every further page.
 * Run it against the demo with some minutes of data: `npm run demo`, then
 *
 *   node bench/pages.ts [--base http://127.0.0.1:3000] [--rounds 5]
 */
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { chromium, type Page } from 'playwright';
import { launchOptions } from '#e2e/support/browser.ts';

const { values } = parseArgs({
  options: {
    base: { type: 'string', default: 'http://127.0.0.1:3000' },
    rounds: { type: 'string', default: '5' },
  },
});

/** Link in the navigation → what must be there for the page to count as drawn. */
const STEPS: readonly (readonly [link: string, drawn: string])[] = [
  ['Services', 'main table tbody tr'],
  ['Queries', 'main svg path.recharts-curve, main table, main [data-empty]'],
  ['Traces', 'main table tbody tr'],
  ['Findings', 'main h1'],
  ['Playbooks', 'main a[href*="/playbooks/"]'],
  ['Connect', 'main pre'],
  ['Overview', 'main table svg path'],
];

const median = (list: readonly number[]): number =>
  list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)] ?? Number.NaN;
const worst = (list: readonly number[]): number => Math.max(...list);

async function firstChart(): Promise<{ ms: number; page: Page; close: () => Promise<void> }> {
  const browser = await chromium.launch(await launchOptions());
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  const start = performance.now();
  await page.goto(values.base, { waitUntil: 'commit' });
  await page.locator('main table svg path').first().waitFor({ state: 'attached' });
  return { ms: performance.now() - start, page, close: () => browser.close() };
}

console.log(`${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}, ${values.rounds} rounds`);
const first: number[] = [];
const later = new Map<string, number[]>(STEPS.map(([link]) => [link, []]));
for (let round = 0; round < Number(values.rounds); round++) {
  const { ms, page, close } = await firstChart();
  first.push(ms);
  for (const [link, drawn] of STEPS) {
    const start = performance.now();
    await page.getByRole('navigation').getByRole('link', { name: link, exact: true }).first().click();
    await page.waitForURL(link === 'Overview' ? /\/(?:\?.*)?$/ : new RegExp(`/${link.toLowerCase()}`));
    await page.locator(drawn).first().waitFor({ state: 'attached' });
    later.get(link)?.push(performance.now() - start);
  }
  await close();
}
console.log(
  `first chart of the overview: median ${median(first).toFixed(0)} ms, worst ${worst(first).toFixed(0)} ms`,
);
for (const [link, times] of later)
  console.log(
    `→ ${link.padEnd(10)} median ${median(times).toFixed(0)} ms, worst ${worst(times).toFixed(0)} ms`,
  );
