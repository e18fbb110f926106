import { isOn, onFaults } from '../lifecycle.ts';
import { call } from './call.ts';
import { type Route, serve } from './serve.ts';

const BASKET_BYTES = 64 * 1024;
const KEPT_BASKETS_MAX = (300 * 1024 * 1024) / BASKET_BYTES;

/** What the leak keeps: a forgotten basket a request. */
let baskets: number[][] = [];

function rememberBasket(): void {
  if (!isOn('memory-leak') || baskets.length >= KEPT_BASKETS_MAX) return;
  // Filled at its full size: an array that grows by `push` would take up to half as much again.
  baskets.push(new Array<number>(BASKET_BYTES / 8).fill(Math.random()));
}

onFaults((on) => {
  if (on('memory-leak') || baskets.length === 0) return;
  baskets = [];
  // Without pressure V8 would keep the dead baskets for minutes, and the fault would not look undone.
  globalThis.gc?.();
});

const page = (
  path: string,
  service: string,
  target: (params: ReadonlyMap<string, string>, query: URLSearchParams) => string,
): Route => ({
  method: 'GET',
  path,
  async handle({ params, query }) {
    rememberBasket();
    return { body: await call(service, 'GET', target(params, query)) };
  },
});

serve([
  page('/', 'catalog', () => '/products'),
  page('/search', 'catalog', (_, query) => `/search?q=${encodeURIComponent(query.get('q') ?? '')}`),
  page('/products/:id', 'catalog', (params) => `/products/${params.get('id')}`),
  page('/account/:customer/orders', 'orders', (params) => `/customers/${params.get('customer')}/orders`),
  page('/orders/:id', 'orders', (params) => `/orders/${params.get('id')}`),
  {
    method: 'POST',
    path: '/checkout',
    async handle({ body }) {
      rememberBasket();
      const order = (await call('orders', 'POST', '/orders', body)) as { id: number; totalCents: number };
      const charge = await call('payments', 'POST', '/charges', {
        orderId: order.id,
        amountCents: order.totalCents,
      });
      return { status: 201, body: { order, charge } };
    },
  },
]);
