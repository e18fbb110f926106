/** The third party: not ours, so neither spans nor metrics come from here. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { isOn, onEnd, report } from '../lifecycle.ts';

const server = http.createServer((request, response) => {
  request.resume();
  request.on('end', () => {
    const ms = (isOn('slow-external') ? 780 : 15) + Math.random() * (isOn('slow-external') ? 40 : 10);
    void sleep(ms).then(() =>
      response
        .writeHead(201, { 'content-type': 'application/json' })
        .end(JSON.stringify({ id: `ch_${Math.random().toString(36).slice(2, 12)}`, state: 'captured' })),
    );
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => report({ type: 'ready', port: (server.address() as AddressInfo).port }));
onEnd(() => {
  server.close();
  server.closeAllConnections();
});
