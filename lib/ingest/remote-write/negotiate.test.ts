import { expect, test } from 'vitest';
import { messageVersion } from './negotiate.ts';

test.each([
  ['application/x-protobuf', 1],
  ['Application/X-Protobuf ; charset=x', 1],
  ['application/x-protobuf;proto=prometheus.WriteRequest', 1],
  ['application/x-protobuf;proto=io.prometheus.write.v2.Request', 2],
  ['application/x-protobuf; version=2; proto="io.prometheus.write.v2.Request"', 2],
])('%s is version %i', (type, version) => {
  expect(messageVersion(type)).toBe(version);
});

test.each([
  '',
  'application/json',
  'application/x-protobufs',
  'application/x-protobuf;proto=io.prometheus.write.v3.Request',
  'application/x-protobuf;proto=',
])("'%s' is refused", (type) => {
  expect(() => messageVersion(type)).toThrow(expect.objectContaining({ status: 415 }));
});
