import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listenForControl } from '#demo/control-server.ts';
import { Fleet } from '#demo/fleet.ts';
import { Switchboard } from '#demo/switchboard.ts';
import type { Finding } from '#lib/model/finding.ts';
import { askDemo, withFindings } from './shop.ts';

let control: Awaited<ReturnType<typeof listenForControl>>;
let demoUrl: string;

beforeAll(async () => {
  control = await listenForControl(0, {
    switchboard: new Switchboard({
      fleet: new Fleet({ root: '.', chokepoint: 'http://127.0.0.1:9', say: () => undefined }),
      setItemsIndex: async () => undefined,
      announceDeploy: async () => undefined,
      say: () => undefined,
    }),
    ready: () => true,
    storefront: () => undefined,
  });
  demoUrl = `http://127.0.0.1:${control.port}`;
});
afterAll(() => control.close());

const finding = (lastSeen: number): Finding => ({
  id: 'f1',
  detector: 'db-missing-index',
  category: 'database',
  title: 'order_items is scanned whole',
  summary: '',
  severity: 'warning',
  confidence: 1,
  state: 'open',
  subject: {},
  window: { from: 0, to: 1 },
  firstSeen: 0,
  lastSeen,
  impact: {},
  evidence: [],
  playbook: { id: 'add-index', url: '' },
  variables: {},
});

const storeWith = (...open: Finding[]) =>
  ({ store: { findings: { list: async () => open } } }) as unknown as Parameters<typeof withFindings>[0];

describe('the demo proxy', () => {
  test.each([
    ['where no demo runs', undefined, undefined, 404, 'no-demo'],
    ['while nothing listens', 'http://127.0.0.1:9', undefined, 503, 'demo-not-answering'],
    ['for a fault that the shop does not have', '', { name: 'nope', on: true }, 404, 'unknown-fault'],
  ])('says what is wrong %s', async (_, url, change, status, code) => {
    await expect(askDemo({ demoUrl: url === '' ? demoUrl : url }, change)).rejects.toMatchObject({
      status,
      code,
    });
  });

  test('switches, and links the finding seen since', async () => {
    const before = await askDemo({ demoUrl });
    expect(before.faults.every((fault) => !fault.on)).toBe(true);
    const shop = await askDemo({ demoUrl }, { name: 'missing-index', on: true });
    const row = async (...open: Finding[]) =>
      (await withFindings(storeWith(...open), shop)).faults.find((fault) => fault.name === 'missing-index');
    expect(await row(finding(Date.now()))).toMatchObject({
      on: true,
      finding: { id: 'f1', title: 'order_items is scanned whole' },
    });
    expect((await row(finding(1000)))?.finding).toBeNull();
    expect((await row())?.finding).toBeNull();
  });
});
