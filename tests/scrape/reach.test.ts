import { renameSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CERTIFICATE, KEY } from './certificate.ts';
import { Scraper, until } from './scraper.ts';
import { type Handler, says, TargetServer } from './target-server.ts';

let scraper: Scraper;
const servers: TargetServer[] = [];
beforeEach(() => {
  scraper = new Scraper();
});
afterEach(async () => {
  await scraper.stop();
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

async function serve(handler: Handler, tls = false): Promise<TargetServer> {
  const server = await TargetServer.start(handler, tls ? { cert: CERTIFICATE, key: KEY } : undefined);
  servers.push(server);
  return server;
}

/** Answers only who sends this header. */
const needs =
  (authorization: string): Handler =>
  (request, response) => {
    if (request.headers.authorization === authorization) says('a 1\n')(request, response);
    else response.writeHead(401).end();
  };

async function scraped(server: TargetServer, yaml: string): Promise<string> {
  scraper.apply(`static_configs: [{targets: ["${server.address}"]}]\n${yaml}`);
  await until(() => scraper.of('up').length > 0);
  return scraper.target().lastError || scraper.target().health;
}

describe('credentials', () => {
  const BASIC = `Basic ${Buffer.from('me:hush').toString('base64')}`;
  test.each([
    ['basic', BASIC, 'basic_auth: {username: me, password: hush}', 'up'],
    ['a password in a file', BASIC, 'basic_auth: {username: me, password_file: secret}', 'up'],
    [
      'wrong',
      BASIC,
      'basic_auth: {username: me, password: loud}',
      'server returned HTTP status 401 Unauthorized',
    ],
    ['authorization', 'Bearer hush', 'authorization: {credentials: hush}', 'up'],
    ['another type', 'Token hush', 'authorization: {type: Token, credentials_file: secret}', 'up'],
    ['bearer_token_file', 'Bearer hush', 'bearer_token_file: secret', 'up'],
  ])('%s', async (_, header, yaml, outcome) => {
    scraper.write('secret', 'hush\n');
    expect(await scraped(await serve(needs(header)), yaml)).toBe(outcome);
  });

  test('a file that changes is read again; one that is gone is named', async () => {
    const file = scraper.write('secret', 'old');
    const server = await serve(needs('Bearer new'));
    expect(await scraped(server, 'bearer_token_file: secret')).toMatch(/401/);
    scraper.write('secret', 'new');
    await until(() => scraper.target().health === 'up');
    renameSync(file, `${file}.gone`);
    await until(() => scraper.target().health === 'down');
    expect(scraper.target().lastError).toMatch(/cannot read .*secret/);
  });

  test('stay with their host when it redirects to another', async () => {
    const other = await serve(says('a 1\n'));
    const server = await serve((_request, response) =>
      response.writeHead(302, { location: `http://${other.address}/elsewhere` }).end(),
    );
    expect(await scraped(server, 'bearer_token: hush\nhttp_headers: {X-Key: {secrets: [hush]}}')).toBe('up');
    expect(server.requests[0]?.headers).toMatchObject({ authorization: 'Bearer hush', 'x-key': 'hush' });
    expect(other.requests[0]?.url).toBe('/elsewhere');
    expect(other.requests[0]?.headers.authorization).toBeUndefined();
    expect(other.requests[0]?.headers['x-key']).toBeUndefined();
  });

  test('and go along within the host', async () => {
    const server = await serve((request, response) => {
      if (request.url === '/metrics') response.writeHead(307, { location: '/real' }).end();
      else needs('Bearer hush')(request, response);
    });
    expect(await scraped(server, 'bearer_token: hush')).toBe('up');
  });
});

describe('TLS', () => {
  test.each([
    ['of an unknown authority', '', /self-signed/],
    ['that is trusted, for another name', 'tls_config: {ca_file: ca.pem}', /another name/],
    ['that is trusted', 'tls_config: {ca_file: ca.pem, server_name: scrape.test}', /^up$/],
    ['that nobody looks at', 'tls_config: {insecure_skip_verify: true}', /^up$/],
    [
      'too old for what is asked',
      'tls_config: {insecure_skip_verify: true, max_version: TLS10}',
      /TLS|SSL|version|protocol/i,
    ],
  ])('a certificate %s', async (_, yaml, outcome) => {
    scraper.write('ca.pem', CERTIFICATE);
    const server = await serve(says('a 1\n'), true);
    expect(await scraped(server, `scheme: https\nscrape_timeout: 1s\nscrape_interval: 1s\n${yaml}`)).toMatch(
      outcome,
    );
  });

  test('asked of a server that speaks none', async () => {
    expect(await scraped(await serve(says('a 1\n')), 'scheme: https')).toMatch(/TLS handshake failed/);
  });
});
