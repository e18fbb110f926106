import { expect, test } from 'vitest';
import { isKnownHost } from './known-host.ts';

test.each([
  ['127.0.0.1:3000', '127.0.0.1', true],
  ['localhost:3000', '127.0.0.1', true],
  ['[::1]:3000', '::1', true],
  ['shop.localhost', '127.0.0.1', true],
  ['evil.test', '127.0.0.1', false],
  ['evil.test:3000', 'localhost', false],
  ['127.0.0.1.evil.test', '127.0.0.1', false],
  [undefined, '127.0.0.1', false],
  ['metrics.example.org', '0.0.0.0', true],
])('host %s on a bind to %s → %s', (host, bound, expected) => {
  expect(isKnownHost(host, bound)).toBe(expected);
});
