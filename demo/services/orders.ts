import type Pg from 'pg';
import { isOn } from '../lifecycle.ts';
import { withConnection } from './pool.ts';
import { startReport } from './report.ts';
import { HttpProblem, serve } from './serve.ts';
import { startRecount } from './stock-recount.ts';

const HISTORY_LENGTH = 100;

interface Item {
  readonly order_id: number;
  readonly product_id: number;
  readonly quantity: number;
  readonly price_cents: number;
}

const ITEMS = 'SELECT order_id, product_id, quantity, price_cents FROM order_items';

async function itemsOf(client: Pg.PoolClient, ids: readonly number[]): Promise<Item[]> {
  if (!isOn('n-plus-one')) {
    return (await client.query<Item>(`${ITEMS} WHERE order_id = ANY($1)`, [ids])).rows;
  }
  const items: Item[] = [];
  for (const id of ids) {
    items.push(...(await client.query<Item>(`${ITEMS} WHERE order_id = $1`, [id])).rows);
  }
  return items;
}

async function history(client: Pg.PoolClient, customer: number): Promise<unknown> {
  const { rows: orders } = await client.query<{ id: number }>(
    'SELECT id, placed_at, total_cents FROM orders WHERE customer_id = $1 ORDER BY placed_at DESC LIMIT $2',
    [customer, HISTORY_LENGTH],
  );
  const byOrder = Map.groupBy(
    await itemsOf(
      client,
      orders.map((order) => order.id),
    ),
    (item) => item.order_id,
  );
  return orders.map((order) => ({ ...order, items: byOrder.get(order.id) ?? [] }));
}

interface Basket {
  readonly customer: number;
  readonly lines: readonly { readonly product: number; readonly quantity: number }[];
}

async function place(client: Pg.PoolClient, basket: Basket): Promise<{ id: number; totalCents: number }> {
  // Everybody takes the stock rows in the same order, so that two checkouts can wait but never deadlock.
  const lines = [...basket.lines].sort((a, b) => a.product - b.product);
  await client.query('BEGIN');
  try {
    for (const line of lines) {
      await client.query('UPDATE stock SET reserved = reserved + $2 WHERE product_id = $1', [
        line.product,
        line.quantity,
      ]);
    }
    const total = lines.reduce((sum, line) => sum + line.quantity * (500 + line.product * 37), 0);
    const { rows } = await client.query<{ id: number }>(
      'INSERT INTO orders (customer_id, placed_at, total_cents) VALUES ($1, now(), $2) RETURNING id',
      [basket.customer, total],
    );
    const id = rows[0]?.id ?? 0;
    await client.query(
      `INSERT INTO order_items (order_id, product_id, quantity, price_cents, note)
SELECT $1, line.product, line.quantity, 500 + line.product * 37, ''
FROM unnest($2::int[], $3::int[]) AS line(product, quantity)`,
      [id, lines.map((l) => l.product), lines.map((l) => l.quantity)],
    );
    await client.query('COMMIT');
    return { id, totalCents: total };
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}

serve([
  {
    method: 'GET',
    path: '/customers/:id/orders',
    async handle({ params }) {
      return { body: await withConnection((client) => history(client, Number(params.get('id')))) };
    },
  },
  {
    method: 'GET',
    path: '/orders/:id',
    async handle({ params }) {
      const id = Number(params.get('id'));
      const order = await withConnection(async (client) => {
        const { rows } = await client.query(
          'SELECT id, customer_id, placed_at, total_cents FROM orders WHERE id = $1',
          [id],
        );
        const items = await client.query<Item>(`${ITEMS} WHERE order_id = $1`, [id]);
        return rows[0] && { ...rows[0], items: items.rows };
      });
      if (!order) throw new HttpProblem(404, `no order ${id}`);
      return { body: order };
    },
  },
  {
    method: 'POST',
    path: '/orders',
    async handle({ body }) {
      return { status: 201, body: await withConnection((client) => place(client, body as Basket)) };
    },
  },
]);
startRecount();
startReport();
