import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { RouteMethodTable, refuseMethod } from './route-methods.ts';

const table = new RouteMethodTable();
table.add(
  '/api/v1/query',
  "route({ name: 'query', protocol: 'prometheus' })\nexport const GET = a;\nexport const POST = a;",
);
table.add('/api/v1/label/[name]/values', 'export const GET = a;');
table.add('/(console)/x.y', 'export async function POST() {}');
table.add('/api/[[...path]]', 'export const GET = a;');

describe('methods of routes', () => {
  test.each([
    ['GET', '/api/v1/query?query=up', undefined],
    ['POST', '/api/v1/query/', undefined],
    ['HEAD', '/api/v1/query', undefined],
    ['OPTIONS', '/api/v1/query', undefined],
    ['DELETE', '/api/v1/query', 'GET, POST, HEAD, OPTIONS'],
    ['POST', '/api/v1/label/a%2Fb/values', 'GET, HEAD, OPTIONS'],
    ['GET', '/x.y', 'POST, OPTIONS'],
    ['GET', '/xzy', undefined],
    ['POST', '/api/v1/label/a/b/values', undefined],
    ['DELETE', '/api/nothing', undefined],
  ])('%s %s → Allow: %s', (method, url, allow) => {
    expect(refuseMethod(table.find(url), method)?.headers.allow).toBe(allow);
  });

  test('the protocol of the error body goes with the route', () => {
    expect(table.find('/api/v1/query')?.protocol).toBe('prometheus');
    expect(table.find('/x.y')?.protocol).toBe('own');
  });

  test('every route handler of the app says what it takes', () => {
    const app = RouteMethodTable.read(path.resolve(import.meta.dirname, '../..'));
    expect(app.find('/api/v1/query_exemplars')).toEqual({ methods: ['GET', 'POST'], protocol: 'prometheus' });
    expect(app.find('/api/v1/label/job/values')).toEqual({ methods: ['GET'], protocol: 'prometheus' });
    expect(app.find('/api/services/x/operations')?.methods).toEqual(['GET']);
  });
});
