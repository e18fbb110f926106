import http from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listenForControl } from './control-server.ts';
import { Fleet } from './fleet.ts';
import { Switchboard } from './switchboard.ts';

const indexes: boolean[] = [];
const lines: string[] = [];
let ready = true;
let control: Awaited<ReturnType<typeof listenForControl>>;

beforeAll(async () => {
  const say = (line: string): number => lines.push(line);
  control = await listenForControl(0, {
    switchboard: new Switchboard({
      fleet: new Fleet({ root: '.', chokepoint: 'http://127.0.0.1:9', say }),
      setItemsIndex: async (present) => void indexes.push(present),
      announceDeploy: async () => undefined,
      say,
    }),
    ready: () => ready,
    storefront: () => undefined,
  });
});
afterAll(() => control.close());

/** Plain http: `fetch` sets Host and Origin itself. */
function ask(
  method: string,
  path: string,
  body?: string,
  headers: http.OutgoingHttpHeaders = {},
): Promise<{ status: number | undefined; answer: Record<string, unknown> }> {
  return new Promise((resolve, reject) => {
    const request = http.request(
      { port: control.port, host: '127.0.0.1', method, path, headers },
      (response) => {
        let text = '';
        response.on('data', (chunk) => (text += chunk));
        response.on('end', () => resolve({ status: response.statusCode, answer: JSON.parse(text) }));
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

const isOn = async (name: string): Promise<unknown> => {
  const { answer } = await ask('GET', '/faults');
  return (answer.faults as { name: string; on: boolean }[]).find((fault) => fault.name === name)?.on;
};

describe('the control port', () => {
  test('switches once however often it is told to, and back', async () => {
    const on = JSON.stringify({ name: 'missing-index', on: true });
    const first = await ask('POST', '/faults', on);
    expect([first.status, first.answer.message]).toEqual([
      200,
      'fault missing-index is ON: dropped index order_items_order_id_idx',
    ]);
    expect((await ask('POST', '/faults', on)).answer.message).toBe('fault missing-index is already ON');
    expect(await isOn('missing-index')).toBe(true);
    await ask('POST', '/faults', JSON.stringify({ name: 'missing-index', on: false }));
    expect(await isOn('missing-index')).toBe(false);
    expect(indexes).toEqual([false, true]);
    expect(lines).toHaveLength(2);
  });

  test.each([
    ['an unknown fault', 'POST', '/faults', '{"name":"nope","on":true}', {}, 404, 'unknown-fault'],
    ['a switch without a position', 'POST', '/faults', '{"name":"missing-index"}', {}, 400, 'bad-switch'],
    ['what is no JSON', 'POST', '/faults', '{', {}, 400, 'bad-switch'],
    ['too long a body', 'POST', '/faults', `"${'x'.repeat(5000)}"`, {}, 400, 'bad-switch'],
    ['another path', 'GET', '/', undefined, {}, 404, 'not-found'],
    ['a page of another site', 'GET', '/faults', undefined, { origin: 'http://evil.test' }, 403, 'not-local'],
    ['another name for this machine', 'GET', '/faults', undefined, { host: 'evil.test' }, 403, 'not-local'],
  ])('refuses %s', async (_, method, path, body, headers, status, code) => {
    const refused = await ask(method, path, body, headers);
    expect(refused.status).toBe(status);
    expect(refused.answer).toMatchObject({ error: { code } });
  });

  test('says so while the shop is starting', async () => {
    ready = false;
    const refused = await ask('POST', '/faults', '{"name":"missing-index","on":true}');
    ready = true;
    expect([refused.status, refused.answer]).toMatchObject([503, { error: { code: 'demo-starting' } }]);
  });
});
