import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { FAULTS } from './faults.ts';
import type { Switchboard } from './switchboard.ts';

const BODY_MAX = 4096;

function send(response: http.ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

const problem = (code: string, message: string): unknown => ({ error: { code, message } });

async function readJson(request: http.IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request) {
    text += chunk;
    if (text.length > BODY_MAX) return undefined;
  }
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A page of another site, or a name that was pointed at this machine, must not switch faults. */
function isLocal(request: http.IncomingMessage): boolean {
  const host = (request.headers.host ?? '').replace(/:\d+$/, '');
  return request.headers.origin === undefined && (host === '127.0.0.1' || host === 'localhost');
}

async function answer(
  request: http.IncomingMessage,
  response: http.ServerResponse,
  state: ControlState,
): Promise<void> {
  if (!isLocal(request)) {
    send(response, 403, problem('not-local', 'the control port answers only programs on this machine'));
    return;
  }
  const route = `${request.method} ${request.url}`;
  if (route === 'GET /faults') {
    send(response, 200, {
      ready: state.ready(),
      storefront: state.storefront(),
      faults: state.switchboard.list(),
    });
    return;
  }
  if (route !== 'POST /faults') {
    send(response, 404, problem('not-found', 'ask for GET /faults or POST /faults'));
    return;
  }
  const body = await readJson(request);
  const wanted = body as { name?: unknown; on?: unknown } | undefined;
  if (typeof wanted?.name !== 'string' || typeof wanted.on !== 'boolean') {
    send(response, 400, problem('bad-switch', 'give {"name": "<fault>", "on": true or false}'));
    return;
  }
  if (!state.ready()) {
    send(response, 503, problem('demo-starting', 'the shop is still starting; try again in a few seconds'));
    return;
  }
  const change = state.switchboard.turn(wanted.name, wanted.on);
  if (!change) {
    const names = FAULTS.map((fault) => fault.name).join(', ');
    send(response, 404, problem('unknown-fault', `there is no fault '${wanted.name}'; there are ${names}`));
    return;
  }
  try {
    send(response, 200, { message: await change, faults: state.switchboard.list() });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    send(response, 500, problem('switch-failed', `${wanted.name} could not be switched: ${message}`));
  }
}

export interface ControlState {
  readonly switchboard: Switchboard;
  ready(): boolean;
  /** Address of the shop's front door, once there is one. */
  storefront(): string | undefined;
}

/** Listens on 127.0.0.1 for the command line and the console's demo page. Rejects when the port is taken. */
export function listenForControl(
  port: number,
  state: ControlState,
): Promise<{ port: number; close(): void }> {
  const server = http.createServer((request, response) => {
    answer(request, response, state).catch(() => response.destroy());
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () =>
      resolve({
        port: (server.address() as AddressInfo).port,
        close: () => {
          server.close();
          server.closeAllConnections();
        },
      }),
    );
  });
}
