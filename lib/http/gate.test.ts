import { expect, test } from 'vitest';
import { refuseAtGate } from './gate.ts';

const host = '127.0.0.1:3000';

test.each([
  ['GET', '/api/v1/services?from=%ff', host, undefined],
  ['POST', '/v1/traces', host, undefined],
  ['GET', '/services/gr%C3%B6%C3%9Fe%2F100%25', host, undefined],
  ['GET', '/', 'evil.test', 421],
  ['GET', '/', undefined, 421],
  ['GET', 'http://evil.test/api/v1/services', host, 400],
  ['OPTIONS', '*', host, 400],
  ['GET', '/api/services/%ff/operations', host, 400],
  ['GET', '/100%', host, 400],
  ['TRACE', '/', host, 501],
  ['PROPFIND', '/', host, 501],
])('%s %s of %s → %s', (method, url, name, status) => {
  expect(refuseAtGate({ method, url, headers: { host: name } }, '127.0.0.1', 3000)?.status).toBe(status);
});
