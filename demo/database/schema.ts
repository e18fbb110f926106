import pg from 'pg';
import { CUSTOMERS, ITEMS_INDEX, ITEMS_PER_ORDER, ORDERS, PRODUCTS } from '../shape.ts';

const CREATE_INDEX = `INDEX CONCURRENTLY IF NOT EXISTS ${ITEMS_INDEX} ON order_items (order_id)`;

const TABLES = `
CREATE TABLE stock (
  product_id int PRIMARY KEY, reserved bigint NOT NULL DEFAULT 0, counted_at timestamptz
) WITH (fillfactor = 30);
CREATE TABLE orders (
  id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, customer_id int NOT NULL,
  placed_at timestamptz NOT NULL, total_cents int NOT NULL
);
CREATE TABLE order_items (
  order_id int NOT NULL, product_id int NOT NULL, quantity int NOT NULL, price_cents int NOT NULL, note text NOT NULL
);`;

const ROWS = `
INSERT INTO stock (product_id) SELECT generate_series(1, ${PRODUCTS});
INSERT INTO orders (customer_id, placed_at, total_cents)
SELECT 1 + i % ${CUSTOMERS}, now() - (${ORDERS} - i) * interval '1 minute', 500 + i % 9000
FROM generate_series(1, ${ORDERS}) AS i;
INSERT INTO order_items
SELECT 1 + i / ${ITEMS_PER_ORDER}, 1 + (i * 7) % ${PRODUCTS}, 1 + i % 3, 500 + i % 900,
  'leave it at the door'
FROM generate_series(0, ${ORDERS * ITEMS_PER_ORDER - 1}) AS i;`;

const INDEXES = `
CREATE INDEX orders_customer_id_placed_at_idx ON orders (customer_id, placed_at DESC);
CREATE INDEX ${ITEMS_INDEX} ON order_items (order_id);`;

async function withAdmin<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, application_name: 'shop-admin' });
  await client.connect();
  try {
    // Seeding and schema changes are not the shop's traffic: they stay out of the slow log.
    await client.query('SET log_min_duration_statement = -1; SET auto_explain.log_min_duration = -1');
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Fills an empty database: 240,000 orders with 960,000 items. */
export function seed(url: string): Promise<void> {
  return withAdmin(url, async (client) => {
    await client.query(TABLES);
    await client.query(ROWS);
    await client.query(INDEXES);
    await client.query('VACUUM ANALYZE');
  });
}

/** CONCURRENTLY, as one would in production: neither direction makes requests wait for a table lock. */
export function setItemsIndex(url: string, present: boolean): Promise<void> {
  return withAdmin(url, async (client) => {
    await client.query(
      present ? `CREATE ${CREATE_INDEX}` : `DROP INDEX CONCURRENTLY IF EXISTS ${ITEMS_INDEX}`,
    );
  });
}
