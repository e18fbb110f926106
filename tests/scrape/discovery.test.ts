import { createSocket, type Socket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { labelValue } from '#lib/model/labels.ts';
import { DnsDiscoverer } from '#lib/scrape/discovery/dns-discoverer.ts';
import { Scraper, until } from './scraper.ts';

let scraper: Scraper;
beforeEach(() => {
  scraper = new Scraper();
});
afterEach(() => scraper.stop());

const instances = () =>
  scraper.manager
    .targets()
    .active.map(({ labels }) => labelValue(labels, 'instance'))
    .sort();
const problems = () => scraper.manager.targets().problems?.get('shop')?.join() ?? '';

describe('files', () => {
  test('of YAML and JSON, several by a wildcard, with their labels', () => {
    scraper.write('t-1.yml', '- targets: [a:1]\n  labels: {team: x}\n- targets: [b:1]');
    scraper.write('t-2.json', '[{"targets": ["c:1"]}]');
    scraper.apply(
      'file_sd_configs: [{files: ["t-*.yml", t-2.json]}]\nrelabel_configs: [{source_labels: [__meta_filepath], regex: ".*/(.*)", target_label: file}]',
    );
    expect(instances()).toEqual(['a:1', 'b:1', 'c:1']);
    expect(scraper.target('a:1').labels).toEqual([
      ['file', 't-1.yml'],
      ['instance', 'a:1'],
      ['job', 'shop'],
      ['team', 'x'],
    ]);
  });

  test('are followed; a bad one keeps what it said before, and says why', async () => {
    const file = scraper.write('t.yml', '- targets: [a:1]');
    scraper.apply('file_sd_configs: [{files: [t.yml], refresh_interval: 1s}]');
    expect(instances()).toEqual(['a:1']);
    const before = scraper.target('a:1');
    scraper.write('t.yml', '- targets: [a:1, b:1]');
    await until(() => instances().length === 2);
    expect(scraper.target('a:1')).toBe(before);
    scraper.write('t.yml', '- targts: [c:1]');
    await until(() => problems() !== '');
    expect(problems()).toMatch(/t\.yml:1: \[0\]\.targts: unknown key "targts"; did you mean 'targets'/);
    expect(instances()).toEqual(['a:1', 'b:1']);
    scraper.write('t.yml', '[]');
    await until(() => instances().length === 0);
    expect(problems()).toBe('');
    rmSync(file);
    await until(() => problems().includes('no such file'));
  });
});

/** A name server that knows `up.test` and answers for nothing else. */
async function nameServer(
  answers: (name: string, type: number) => Buffer[] | number | undefined,
): Promise<Socket> {
  const socket = createSocket('udp4');
  socket.on('message', (query, from) => {
    let end = 12;
    const labels: string[] = [];
    for (let length = query[end] ?? 0; length > 0; length = query[end] ?? 0) {
      labels.push(query.toString('latin1', end + 1, end + 1 + length));
      end += length + 1;
    }
    const type = query.readUInt16BE(end + 1);
    const found = answers(labels.join('.'), type);
    if (found === undefined) return;
    const records = typeof found === 'number' ? [] : found;
    const head = Buffer.alloc(12);
    head.writeUInt16BE(query.readUInt16BE(0), 0);
    head.writeUInt16BE(0x8180 | (typeof found === 'number' ? found : 0), 2);
    head.writeUInt16BE(1, 4);
    head.writeUInt16BE(records.length, 6);
    const bodies = records.map((data) => {
      const meta = Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 0, 1, 0, data.length]);
      return Buffer.concat([meta, data]);
    });
    socket.send(Buffer.concat([head, query.subarray(12, end + 5), ...bodies]), from.port, from.address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return socket;
}

function srv(port: number, host: string): Buffer {
  const name = host
    .split('.')
    .map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)]));
  return Buffer.concat([Buffer.from([0, 0, 0, 0, port >> 8, port & 255]), ...name, Buffer.from([0])]);
}

describe('DNS', () => {
  const A = 1;
  const AAAA = 28;
  const SRV = 33;
  const SERVER_FAILURE = 2;
  const NO_SUCH_NAME = 3;
  let socket: Socket;
  let answers = (_name: string, _type: number): Buffer[] | number | undefined => NO_SUCH_NAME;
  const queries = () => {
    const resolver = new Resolver({ timeout: 200, tries: 1 });
    resolver.setServers([`127.0.0.1:${socket.address().port}`]);
    return resolver;
  };
  beforeEach(async () => {
    socket = await nameServer((name, type) => answers(name, type));
  });
  afterEach(() => socket.close());

  test.each([
    ['A', [Buffer.from([10, 0, 0, 2]), Buffer.from([10, 0, 0, 1])], ['10.0.0.1:80', '10.0.0.2:80']],
    ['AAAA', [Buffer.from([0xfd, ...Array(14).fill(0), 1])], ['[fd00::1]:80']],
    ['SRV', [srv(9100, 'b.test'), srv(9100, 'a.test')], ['a.test:9100', 'b.test:9100']],
  ] as const)('%s records', async (type, records, wanted) => {
    answers = (name, asked) =>
      name === 'up.test' && asked === { A, AAAA, SRV }[type] ? [...records] : NO_SUCH_NAME;
    const discoverer = new DnsDiscoverer(
      { names: ['up.test', 'down.test'], type, port: 80, refreshMs: 50 },
      queries(),
    );
    await new Promise<void>((resolve) => discoverer.start(resolve));
    discoverer.stop();
    expect(discoverer.groups().flatMap(({ targets }) => targets)).toEqual(wanted);
    expect(discoverer.problems()).toEqual([]);
    const [labels] = discoverer.groups().map((group) => group.labels);
    expect(labels && labelValue(labels, '__meta_dns_name')).toBe('up.test');
    expect(labels && labelValue(labels, '__meta_dns_srv_record_target')).toBe(
      type === 'SRV' ? 'a.test.' : '',
    );
  });

  test('keeps its targets while the name server fails, and lets them go when the name is gone', async () => {
    answers = () => [Buffer.from([10, 0, 0, 1])];
    const discoverer = new DnsDiscoverer(
      { names: ['up.test'], type: 'A', port: 80, refreshMs: 20 },
      queries(),
    );
    discoverer.start(() => undefined);
    const found = () => discoverer.groups().flatMap(({ targets }) => targets);
    await until(() => found().length === 1);
    answers = () => SERVER_FAILURE;
    await until(() => discoverer.problems().length === 1);
    expect(found()).toEqual(['10.0.0.1:80']);
    answers = () => NO_SUCH_NAME;
    await until(() => found().length === 0);
    expect(discoverer.problems()).toEqual([]);
    discoverer.stop();
  });
});
