/** Where a fault takes hold: in a running process, in the database's schema, or by rolling out another version. */
export type FaultTarget =
  | { readonly kind: 'process'; readonly process: 'storefront' | 'orders' | 'catalog' | 'processor' }
  | { readonly kind: 'schema' }
  | { readonly kind: 'deploy'; readonly service: 'catalog' | 'payments'; readonly version: string };

export interface DemoFault {
  readonly name: string;
  readonly title: string;
  /** What really changes, for the person who switches it. */
  readonly what: string;
  /** Service that the fault sits in. */
  readonly service: string;
  /** Detector whose finding it should raise; undefined: nothing may be raised. */
  readonly detector: string | undefined;
  readonly target: FaultTarget;
  /** What just happened, in the log and on the command line. */
  readonly says: { readonly on: string; readonly off: string };
}

export const FAULTS = [
  {
    name: 'n-plus-one',
    title: 'N+1 queries',
    what: "The order history of a customer asks for each order's items one by one instead of all at once.",
    service: 'orders',
    detector: 'db-n-plus-one',
    target: { kind: 'process', process: 'orders' },
    says: {
      on: 'orders reads the items of each order by a query of its own',
      off: 'orders reads all items at once again',
    },
  },
  {
    name: 'missing-index',
    title: 'Missing index',
    what: 'The index on order_items(order_id) is dropped; every look-up scans the whole table.',
    service: 'orders',
    detector: 'db-missing-index',
    target: { kind: 'schema' },
    says: {
      on: 'dropped index order_items_order_id_idx',
      off: 'created index order_items_order_id_idx again',
    },
  },
  {
    name: 'lock-contention',
    title: 'Lock contention',
    what: 'A stock recount locks the popular products and keeps its transaction open while it waits for the warehouse.',
    service: 'orders',
    detector: 'db-lock-contention',
    target: { kind: 'process', process: 'orders' },
    says: {
      on: 'the stock recount holds row locks on the popular products',
      off: 'the stock recount has stopped and released its locks',
    },
  },
  {
    name: 'pool-exhausted',
    title: 'Connection pool exhausted',
    what: "A report takes every connection of the orders service's pool and keeps each while it formats pages.",
    service: 'orders',
    detector: 'db-pool-exhausted',
    target: { kind: 'process', process: 'orders' },
    says: {
      on: 'a report holds all connections of the orders pool',
      off: 'the report has given its connections back',
    },
  },
  {
    name: 'event-loop-blocked',
    title: 'Event loop blocked',
    what: 'Each product search ranks its hits in one long synchronous computation.',
    service: 'catalog',
    detector: 'event-loop-blocked',
    target: { kind: 'process', process: 'catalog' },
    says: {
      on: 'catalog ranks search hits synchronously',
      off: 'catalog ranks search hits cheaply again',
    },
  },
  {
    name: 'slow-external',
    title: 'Slow third party',
    what: 'The card processor, which is not ours and not instrumented, answers in 800 ms.',
    service: 'payments',
    detector: 'external-dependency-slow',
    target: { kind: 'process', process: 'processor' },
    says: { on: 'the card processor answers in 800 ms', off: 'the card processor answers in 20 ms again' },
  },
  {
    name: 'bad-deploy',
    title: 'Bad deploy',
    what: 'catalog 1.5.0 rolls out: it compresses the product listing with Brotli at its highest level.',
    service: 'catalog',
    detector: 'regression-after-deploy',
    target: { kind: 'deploy', service: 'catalog', version: '1.5.0' },
    says: { on: 'catalog 1.5.0 is rolled out', off: 'catalog is rolled back to 1.4.2' },
  },
  {
    name: 'memory-leak',
    title: 'Memory leak',
    what: 'The storefront remembers a basket for every request and never forgets one (up to 300 MB).',
    service: 'storefront',
    detector: 'memory-leak',
    target: { kind: 'process', process: 'storefront' },
    says: { on: 'the storefront keeps every basket', off: 'the storefront has dropped its baskets' },
  },
  {
    name: 'good-deploy',
    title: 'Harmless deploy',
    what: 'payments 2.3.1 rolls out and changes nothing that users feel: no card should appear.',
    service: 'payments',
    detector: undefined,
    target: { kind: 'deploy', service: 'payments', version: '2.3.1' },
    says: { on: 'payments 2.3.1 is rolled out', off: 'payments is back on 2.3.0' },
  },
] as const satisfies readonly DemoFault[];

export type FaultName = (typeof FAULTS)[number]['name'];

export function findFault(name: string): ((typeof FAULTS)[number] & DemoFault) | undefined {
  return FAULTS.find((fault) => fault.name === name);
}

/** A fault as the control port tells it. */
export interface FaultState {
  readonly name: string;
  readonly title: string;
  readonly what: string;
  readonly service: string;
  readonly detector: string | null;
  readonly on: boolean;
  /** ms since the epoch; null while off */
  readonly since: number | null;
}
