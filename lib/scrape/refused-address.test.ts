import { describe, expect, test } from 'vitest';
import { checkedLookup, checkHost, isRefused } from './refused-address.ts';

test.each([
  ['http://169.254.169.254/', true],
  ['http://2852039166/', true],
  ['http://0xa9fea9fe/', true],
  ['http://0251.0376.0251.0376/', true],
  ['http://169.254.1/', true],
  ['http://[::ffff:169.254.169.254]/', true],
  ['http://[::ffff:a9fe:a9fe]/', true],
  ['http://[64:ff9b::a9fe:a9fe]/', true],
  ['http://[fe80::1]/', true],
  ['http://[fd00:ec2::254]/', true],
  ['http://100.100.100.200/', true],
  ['http://168.63.129.16/', true],
  ['http://127.0.0.1/', false],
  ['http://10.0.0.1/', false],
  ['http://192.168.1.1/', false],
  ['http://[::1]/', false],
  ['http://[fd00::1]/', false],
  ['http://metrics.example.net/', false],
])('%s', (url, refused) => {
  const check = () => checkHost(new URL(url));
  if (refused) expect(check).toThrow(/never scraped/);
  else expect(check).not.toThrow();
});

test('a zone does not hide an address', () => {
  expect(isRefused('fe80::1%eth0')).toBe(true);
});

describe('names', () => {
  const found = (host: string) =>
    new Promise((resolve) => {
      checkedLookup(host, { all: true }, (error, addresses) => resolve(error ?? addresses));
    });
  test('that mean this machine are fine', async () => {
    expect(await found('localhost')).toContainEqual(expect.objectContaining({ family: expect.any(Number) }));
  });
  test('that mean a refused address are refused when connecting', async () => {
    expect(await found('169.254.169.254')).toMatchObject({ message: expect.stringMatching(/never scraped/) });
  });
});
