/** People in the shop: about 25 requests a second, arriving independently of how fast the answers come. */
import { allPeers, onEnd, report, say } from './lifecycle.ts';
import { CUSTOMERS, HOT_PRODUCTS, ORDERS, PRODUCTS } from './shape.ts';

const REQUESTS_PER_SECOND = 25;
const SWELL = 0.12;
const SWELL_PERIOD_MS = 240_000;
/** People who find the shop stuck leave: never more than this many wait at once. */
const IN_FLIGHT_MAX = 80;
const SUMMARY_MS = 60_000;

const upTo = (n: number): number => 1 + Math.floor(Math.random() * n);
const SEARCHES = ['amber', 'birch', 'cedar', 'fjord', 'moss', 'ocean'];

interface Visit {
  readonly path: string;
  readonly body?: unknown;
}

const MIX: readonly (readonly [share: number, visit: () => Visit])[] = [
  [0.24, () => ({ path: '/' })],
  [0.28, () => ({ path: `/products/${upTo(PRODUCTS)}` })],
  [0.12, () => ({ path: `/search?q=${SEARCHES[upTo(SEARCHES.length) - 1]}` })],
  [0.1, () => ({ path: `/account/${upTo(CUSTOMERS)}/orders` })],
  [0.16, () => ({ path: `/orders/${upTo(ORDERS)}` })],
  [
    0.1,
    () => ({
      path: '/checkout',
      body: {
        customer: upTo(CUSTOMERS),
        lines: [...new Set([upTo(HOT_PRODUCTS), upTo(HOT_PRODUCTS)])].map((product) => ({
          product,
          quantity: upTo(3),
        })),
      },
    }),
  ],
];

function pick(): Visit {
  let left = Math.random();
  for (const [share, visit] of MIX) {
    left -= share;
    if (left < 0) return visit();
  }
  return { path: '/' };
}

let inFlight = 0;
let failed = 0;
let times: number[] = [];

async function visit(base: string): Promise<void> {
  const { path, body } = pick();
  const started = performance.now();
  inFlight++;
  try {
    const response = await fetch(base + path, {
      signal: AbortSignal.timeout(15_000),
      ...(body
        ? { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
        : {}),
    });
    await response.arrayBuffer();
    if (!response.ok) failed++;
  } catch {
    failed++;
  } finally {
    inFlight--;
    times.push(performance.now() - started);
  }
}

let next: NodeJS.Timeout | undefined;
function arrive(): void {
  const base = allPeers().find((p) => p.service === 'storefront')?.url;
  if (base && inFlight < IN_FLIGHT_MAX) void visit(base);
  const rate = REQUESTS_PER_SECOND * (1 + SWELL * Math.sin((2 * Math.PI * Date.now()) / SWELL_PERIOD_MS));
  // Exponential gaps make a Poisson stream; the cap keeps a rare long gap from looking like an outage.
  next = setTimeout(arrive, Math.min((-Math.log(1 - Math.random()) * 1000) / rate, 500));
}

const summary = setInterval(() => {
  const sorted = times.sort((a, b) => a - b);
  const p95 = sorted[Math.floor(sorted.length * 0.95)] ?? 0;
  const rate = (sorted.length * 1000) / SUMMARY_MS;
  say(`${rate.toFixed(1)} requests/s, p95 ${p95.toFixed(0)} ms, ${failed} failed in the last minute`);
  times = [];
  failed = 0;
}, SUMMARY_MS);

onEnd(() => {
  clearTimeout(next);
  clearInterval(summary);
});
arrive();
report({ type: 'ready' });
