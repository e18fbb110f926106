import { expect, test } from 'vitest';
import { pathOf } from './path.ts';

test.each([
  ['/api/v1/write', '/api/v1/write'],
  ['/api/v1/write/', '/api/v1/write'],
  ['/api/v1/write///?a=/b', '/api/v1/write'],
  ['/v1/traces?x', '/v1/traces'],
  ['/', '/'],
  ['', ''],
])('%s is %s', (url, path) => {
  expect(pathOf(url)).toBe(path);
});
