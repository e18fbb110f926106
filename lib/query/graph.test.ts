import { expect, test } from 'vitest';
import type { Attributes, Span } from '#lib/model/span.ts';
import { downstream, serviceGraph } from './graph.ts';

let id = 0;
function span(service: string, kind: Span['kind'], parent?: Span, attributes: Attributes = []): Span {
  return {
    traceId: 't',
    spanId: `${++id}`,
    parentSpanId: parent?.spanId ?? '',
    name: 'x',
    kind,
    startUs: id,
    durationUs: 1000,
    status: 'unset',
    statusMessage: '',
    attributes,
    events: [],
    links: [],
    traceState: '',
    resource: { service, instance: '', attributes: [] },
    scope: { name: '', version: '' },
    warnings: [],
  };
}

test('edges from parent links; peers without telemetry by their kind', () => {
  const web = span('web', 'server');
  const call = span('web', 'client', web, [['server.address', 'orders:80']]);
  const orders = span('orders', 'server', call);
  const spans = [
    web,
    call,
    orders,
    span('orders', 'client', orders, [
      ['db.system.name', 'postgresql'],
      ['db.namespace', 'shop'],
    ]),
    span('orders', 'client', orders, [
      ['db.system', 'redis'],
      ['server.address', 'cache'],
    ]),
    span('orders', 'client', orders, [['server.address', 'api.card.test']]),
    span('orders', 'producer', orders, [['messaging.system', 'kafka']]),
    span('orders', 'internal', orders),
  ];
  const graph = serviceGraph([{ traceId: 't', spans }]);
  expect(new Set(graph.edges.map((e) => `${e.from} ${e.kind} ${e.to}`))).toEqual(
    new Set([
      'web service orders',
      'orders database shop',
      'orders cache redis',
      'orders external api.card.test',
      'orders messaging kafka',
    ]),
  );
  expect(downstream(graph, 'web')).toEqual(['web', 'orders']);
  expect(downstream(graph, 'orders')).toEqual(['orders']);
});
