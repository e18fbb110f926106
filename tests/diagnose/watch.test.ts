import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { diagnose } from '#lib/diagnose/diagnose.ts';
import { startWatch, type Watch } from '#lib/diagnose/watch.ts';
import { seriesRef } from '#lib/model/metrics.ts';
import type { Attributes, Span } from '#lib/model/span.ts';
import { createLog } from '#lib/platform/log.ts';
import { services } from '#lib/query/services.ts';
import type { Store } from '#lib/store/store.ts';
import { temporaryStore } from '../support/store.ts';

// In the middle of a bucket of spans: the last request ends a little after it began, and must not fall into the next one.
const START = Math.floor(Date.now() / 60_000 - 60) * 60_000 + 5000;
const RESOURCE = { service: 'shop', instance: 'shop-1', attributes: [] };

/** A shop that lives by the test's clock: two requests a second, metrics every five seconds. */
class Shop {
  now = START;
  repeats = 0;
  waiting = 0;
  private ids = 1;
  private readonly store: Store;
  private readonly gauges = (
    ['pg_pool_max', 'pg_pool_total', 'pg_pool_idle', 'pg_pool_waiting'] as const
  ).map((name) =>
    seriesRef([
      ['__name__', name],
      ['service', 'shop'],
      ['instance', 'shop-1'],
    ]),
  );

  constructor(store: Store) {
    this.store = store;
  }

  private request(at: number): Span[] {
    const traceId = (this.ids++).toString(16).padStart(32, '0');
    const spans: Span[] = [];
    const add = (
      parent: string,
      name: string,
      kind: Span['kind'],
      start: number,
      ms: number,
      attributes: Attributes,
    ) => {
      const spanId = (this.ids++).toString(16).padStart(16, '0');
      spans.push({
        traceId,
        spanId,
        parentSpanId: parent,
        name,
        kind,
        startUs: (at + start) * 1000,
        durationUs: ms * 1000,
        status: 'unset',
        statusMessage: '',
        attributes,
        events: [],
        links: [],
        traceState: '',
        resource: RESOURCE,
        scope: { name: '', version: '' },
        warnings: [],
      });
      return spanId;
    };
    const sql = (text: string): Attributes => [
      ['db.system.name', 'postgresql'],
      ['db.query.text', text],
    ];
    const entry = add('', 'GET /orders', 'server', 0, 20 + this.repeats * 5, []);
    add(entry, 'SELECT', 'client', 1, 4, sql('select id from orders where customer_id = $1'));
    for (let i = 0; i < this.repeats; i++)
      add(entry, 'SELECT', 'client', 6 + i * 5, 5, sql('select * from items where order_id = $1'));
    return spans;
  }

  /** Ten seconds of life. */
  async live(): Promise<void> {
    const spans = Array.from({ length: 20 }, (_, i) => this.request(this.now + i * 500 - 400)).flat();
    await this.store.appendSpans(spans);
    const total = this.waiting > 0 ? 10 : 2;
    const values = [10, total, this.waiting > 0 ? 0 : 2, this.waiting];
    const times = [this.now + 5000, this.now + 10_000];
    await this.store.appendMetrics({
      series: this.gauges,
      offsets: Uint32Array.of(0, 2, 4, 6, 8),
      timestamps: Float64Array.from(values.flatMap(() => times)),
      values: Float64Array.from(values.flatMap((v) => [v, v])),
      metadata: [],
    });
    this.now += 10_000;
  }
}

describe('the watch on a real store', () => {
  let store: Store;
  let done: () => Promise<void>;
  let shop: Shop;
  let watch: Watch;
  beforeEach(async () => {
    ({ store, done } = await temporaryStore());
    shop = new Shop(store);
    watch = startWatch({
      store,
      log: createLog(() => undefined),
      now: () => shop.now,
      intervalMs: 3_600_000,
    });
  });
  afterEach(async () => {
    await watch.stop();
    await done();
  });

  const open = async () => (await store.findings.list({ state: 'open' })).map((f) => f.detector);
  /** Lives and watches until the condition holds; the seconds that took, or undefined after `limit`. */
  async function until(isSo: (open: string[]) => boolean, limit: number): Promise<number | undefined> {
    for (let seconds = 10; seconds <= limit; seconds += 10) {
      await shop.live();
      await watch.run();
      if (isSo(await open())) return seconds;
    }
    return undefined;
  }

  test('stays silent while all is well, opens within a minute, resolves within three', async () => {
    expect(await until((f) => f.length > 0, 180)).toBeUndefined();
    shop.repeats = 30;
    expect(await until((f) => f.includes('db-n-plus-one'), 60)).toBeDefined();
    const [first] = await store.findings.list({ state: 'open' });
    expect(first?.subject).toMatchObject({ service: 'shop', operation: 'GET /orders' });
    await until(() => false, 30);
    const lasting = await store.findings.list({ state: 'open' });
    expect(lasting.map((f) => f.id)).toEqual([first?.id]);
    expect(lasting[0]?.lastSeen).toBeGreaterThan(first?.lastSeen ?? 0);
    shop.repeats = 0;
    expect(await until((f) => f.length === 0, 200)).toBeDefined();
    expect(await store.findings.get(first?.id ?? '')).toMatchObject({ state: 'resolved' });
  });

  test('a full pool is found from metrics, and a past window tells it again under the same id', async () => {
    await until(() => false, 120);
    const began = shop.now;
    shop.waiting = 6;
    expect(await until((f) => f.includes('db-pool-exhausted'), 60)).toBeDefined();
    const [finding] = await store.findings.list({ state: 'open' });
    shop.waiting = 0;
    expect(await until((f) => f.length === 0, 200)).toBeDefined();
    await until(() => false, 60);
    const past = await diagnose(store, { from: began, to: began + 60_000 }, shop.now);
    expect(past).toMatchObject({
      verdict: 'bottleneck',
      causes: [{ rank: 1, service: 'shop', resource: 'pool' }],
    });
    expect(past.findings.map((f) => f.id)).toEqual([finding?.id]);
    const live = await diagnose(store, { from: shop.now - 40_000, to: shop.now }, shop.now);
    expect(live.verdict).toBe('healthy');
  });

  test('services tell rate, latency and saturation', async () => {
    await until(() => false, 60);
    const [summary] = await services(store, { from: START, to: shop.now });
    expect(summary).toMatchObject({
      service: 'shop',
      source: 'spans',
      calls: 120,
      errorRatio: 0,
      health: 'ok',
      openFindings: 0,
    });
    expect(summary?.rate).toBeCloseTo(2, 0);
    expect(summary?.p95Ms).toBeCloseTo(20, 0);
    expect(summary?.saturation).toEqual({ role: 'pool.in_use', value: 0, label: 'connection pool' });
  });

  test('an empty time is insufficient data, not health', async () => {
    const diagnosis = await diagnose(store, { from: START - 600_000, to: START - 300_000 }, shop.now);
    expect(diagnosis).toMatchObject({ verdict: 'insufficient-data', causes: [], findings: [] });
  });
});
