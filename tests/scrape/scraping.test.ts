import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { Scraper, until } from './scraper.ts';
import { type Handler, OPENMETRICS, says, TargetServer } from './target-server.ts';

const servers: TargetServer[] = [];
const scrapers: Scraper[] = [];

async function serve(handler: Handler): Promise<TargetServer> {
  const server = await TargetServer.start(handler);
  servers.push(server);
  return server;
}

function scrape(yaml: string): Scraper {
  const scraper = new Scraper();
  scrapers.push(scraper);
  return scraper.apply(yaml);
}

/** Scrapes one server until its first scrape is over. */
async function scraped(handler: Handler, yaml = ''): Promise<Scraper> {
  const server = await serve(handler);
  const scraper = scrape(`static_configs: [{targets: ["${server.address}"]}]\n${yaml}`);
  await until(() => scraper.of('up').length > 0);
  return scraper;
}

afterEach(async () => {
  await Promise.all(scrapers.splice(0).map((scraper) => scraper.stop()));
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

describe('a scrape that works', () => {
  test('stores the samples with the target’s labels, and says how it went', async () => {
    const scraper = await scraped(
      says('# TYPE a counter\n# HELP a What it is\na{x="1"} 5\na{x="2"} NaN\nb 1e3\n'),
    );
    const { instance } = scraper.of('up')[0]?.labels ?? {};
    expect(scraper.of('up')[0]).toMatchObject({ value: 1, labels: { job: 'shop', instance } });
    expect(scraper.of('a')[0]).toMatchObject({ value: 5, labels: { job: 'shop', instance, x: '1' } });
    expect(scraper.of('b')[0]).toMatchObject({ value: 1000 });
    expect(scraper.of('scrape_samples_scraped')[0]).toMatchObject({ value: 3 });
    expect(scraper.of('scrape_samples_post_metric_relabeling')[0]).toMatchObject({ value: 3 });
    expect(scraper.of('scrape_series_added')[0]).toMatchObject({ value: 3 });
    expect(scraper.of('scrape_duration_seconds')[0]?.value).toBeLessThan(1);
    expect(scraper.batches[0]?.metadata).toEqual([
      { name: 'a', type: 'counter', help: 'What it is', unit: '' },
    ]);
    expect(scraper.target()).toMatchObject({ health: 'up', lastError: '', lastSamples: 3, pool: 'shop' });
    expect(scraper.of('scrape_timeout_seconds')).toEqual([]);
    await until(() => scraper.of('up').length > 1);
    expect(scraper.of('scrape_series_added')[1]).toMatchObject({ value: 0 });
    // Only what changed is told again.
    expect(scraper.batches[1]?.metadata).toEqual([]);
  });

  test('times are multiples of the interval apart, and the same for all series', async () => {
    const scraper = await scraped(says('a 1\nb 2\n'), 'scrape_interval: 200ms');
    await until(() => scraper.of('a').length >= 5);
    const times = scraper.of('a').map(({ at }) => at);
    expect(
      scraper
        .of('b')
        .slice(0, 5)
        .map(({ at }) => at),
    ).toEqual(times.slice(0, 5));
    const steps = times.slice(1).map((at, i) => at - (times[i] ?? 0));
    expect(steps.filter((step) => step % 200 === 0).length).toBeGreaterThanOrEqual(2);
  });

  test('OpenMetrics: asked for first, seconds, metadata under the samples’ name', async () => {
    const at = Math.floor(Date.now() / 1000) - 5;
    const scraper = await scraped(
      says(`# TYPE a counter\n# UNIT a seconds\na_total{x="1"} 5 ${at}.5\n# EOF\n`, OPENMETRICS),
    );
    expect(scraper.of('a_total')[0]).toMatchObject({ value: 5, at: at * 1000 + 500 });
    expect(scraper.batches[0]?.metadata).toEqual([
      { name: 'a_total', type: 'counter', help: '', unit: 'seconds' },
    ]);
    expect(servers[0]?.requests[0]?.headers).toMatchObject({
      accept: expect.stringMatching(
        /^application\/openmetrics-text;version=1\.0\.0.*text\/plain;version=0\.0\.4/,
      ),
      'accept-encoding': 'gzip',
      'user-agent': 'Chokepoint/test',
      'x-prometheus-scrape-timeout-seconds': '0.15',
    });
  });

  test('exemplars: each once, and a bad one costs only itself', async () => {
    const scraper = await scraped(
      says(
        `# TYPE a histogram\na_bucket{le="+Inf"} 3 # {trace_id="t1"} 0.5 1700000000.25\na_count 3 # {${'x'.repeat(130)}="1"} 1\na_sum 2\n# EOF\n`,
        OPENMETRICS,
      ),
    );
    await until(() => scraper.of('a_count').length >= 2);
    expect(
      scraper.batches.flatMap(({ exemplars = [] }) => exemplars.map(({ exemplar }) => exemplar)),
    ).toEqual([{ labels: [['trace_id', 't1']], value: 0.5, timestamp: 1_700_000_000_250 }]);
    expect(scraper.target().health).toBe('up');
    expect(scraper.log.join()).toMatch(/at most 128/);
  });

  test('timestamps of the target are set aside when told so', async () => {
    const scraper = await scraped(says('a 1 1000\n'), 'honor_timestamps: false');
    expect(scraper.of('a')[0]?.at).toBe(scraper.of('up')[0]?.at);
  });

  test('gzip', async () => {
    const scraper = await scraped((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/plain', 'content-encoding': 'gzip' });
      response.end(gzipSync('a 7\n'));
    });
    expect(scraper.of('a')[0]?.value).toBe(7);
  });

  test('honor_labels and metric relabelling', async () => {
    const scraper = await scraped(
      says('a{job="own"} 1\nb 2\nc{path="/x"} 3\n'),
      'honor_labels: true\nmetric_relabel_configs:\n  - {action: drop, source_labels: [__name__], regex: b}\n  - {action: labeldrop, regex: path}',
    );
    expect(scraper.of('a')[0]?.labels.job).toBe('own');
    expect(scraper.of('b')).toEqual([]);
    expect(scraper.of('c')[0]?.labels.path).toBeUndefined();
    expect(scraper.of('scrape_samples_scraped')[0]?.value).toBe(3);
    expect(scraper.of('scrape_samples_post_metric_relabeling')[0]?.value).toBe(2);
  });

  test('a line across pieces of the body, and one without a line break at the end', async () => {
    const pieces = [
      Buffer.from('first{x="'),
      Buffer.from([0xc3]),
      Buffer.from([0xa4, 0x22]),
      Buffer.from('} 1\nlast 2'),
    ];
    const scraper = await scraped((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/plain' });
      const next = () => {
        const piece = pieces.shift();
        if (piece === undefined) response.end();
        else response.write(piece, () => setTimeout(next, 20));
      };
      next();
    });
    expect(scraper.of('first')[0]?.labels.x).toBe('ä');
    expect(scraper.of('last')[0]?.value).toBe(2);
  });

  test('extra metrics only when asked for', async () => {
    const scraper = await scraped(says('a 1\n'), 'extra_scrape_metrics: true\nsample_limit: 50');
    expect(scraper.of('scrape_timeout_seconds')[0]?.value).toBe(0.15);
    expect(scraper.of('scrape_sample_limit')[0]?.value).toBe(50);
    expect(scraper.of('scrape_body_size_bytes')[0]?.value).toBe(4);
  });
});

describe('a scrape that fails says why', () => {
  const used = new WeakSet<object>();
  const status =
    (code: number, headers: Record<string, string> = {}): Handler =>
    (_request, response) => {
      response.writeHead(code, headers);
      response.end('x');
    };
  const endless: Handler = (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/plain' });
    const line = Buffer.from('# filler filler filler filler filler filler\n'.repeat(1000));
    const more = () => {
      while (!response.destroyed && response.write(line));
    };
    response.on('drain', more);
    response.on('error', () => undefined);
    more();
  };
  test.each<[string, Handler, string, RegExp]>([
    [
      'hangs before the headers',
      () => undefined,
      '',
      /no complete answer within the scrape_timeout of 150ms/,
    ],
    [
      'hangs in the body',
      (_request, response) => {
        response.writeHead(200, { 'content-type': 'text/plain' });
        response.write('a 1\n');
      },
      '',
      /no complete answer within/,
    ],
    ['HTTP 500', status(500), '', /server returned HTTP status 500 Internal Server Error/],
    ['HTML', says('<!doctype html><p>hello', 'text/html'), '', /Content-Type "text\/html".*metrics_path/],
    ['HTML that claims to be text', says('<!doctype html><p>hello'), '', /line 1: .*looks like a web page/],
    [
      'no Content-Type',
      (_request, response) => response.end('a 1\n'),
      '',
      /no Content-Type.*fallback_scrape_protocol/,
    ],
    ['broken text', says('a 1\nb{x="1} 2\n'), '', /line 2: /],
    ['half of an OpenMetrics text', says('a 1\n', OPENMETRICS), '', /does not end with # EOF/],
    ['a type that is none', says('# TYPE a speed\na 1\n'), '', /line 1: 'speed' is not a metric type/],
    [
      'not UTF-8',
      (_request, response) => {
        response.writeHead(200, { 'content-type': 'text/plain' });
        response.end(Buffer.from([0x61, 0xff, 0x20, 0x31]));
      },
      '',
      /not valid UTF-8/,
    ],
    [
      'not the gzip it says',
      (_request, response) => {
        response.writeHead(200, { 'content-type': 'text/plain', 'content-encoding': 'gzip' });
        response.end('a 1\n');
      },
      '',
      /not the gzip/,
    ],
    [
      'too large',
      endless,
      'body_size_limit: 1MB\nscrape_interval: 1s\nscrape_timeout: 1s',
      /larger than 1048576 bytes/,
    ],
    ['too many samples', says('a 1\nb 1\nc 1\n'), 'sample_limit: 2', /sample_limit of 2 exceeded: 3 samples/],
    ['too many labels', says('a{x="1",y="2"} 1\n'), 'label_limit: 4', /label_limit of 4 exceeded.*5 labels/],
    [
      'too long a label name',
      says('a{xxxxxxxxxx="1"} 1\n'),
      'label_name_length_limit: 9',
      /label_name_length_limit/,
    ],
    [
      'too long a value',
      says('a{x="12345678901234567"} 1\n'),
      'label_value_length_limit: 16',
      /label_value_length_limit/,
    ],
    [
      'names beyond the legacy scheme',
      says('{"a.b"} 1\n'),
      'metric_name_validation_scheme: legacy',
      /legacy/,
    ],
    [
      'a redirect that is not wanted',
      status(302, { location: '/x' }),
      'follow_redirects: false',
      /HTTP status 302/,
    ],
    ['a redirect to itself', status(302, { location: '/metrics' }), '', /stopped after 3 redirects/],
    [
      'a redirect to a metadata address',
      status(302, { location: 'http://169.254.169.254/latest' }),
      '',
      /169\.254\.169\.254 is a link-local or cloud metadata address/,
    ],
    [
      'the same, written as one number',
      status(302, { location: 'http://2852039166/latest' }),
      '',
      /never scraped/,
    ],
    ['a redirect to a file', status(302, { location: 'file:///etc/passwd' }), '', /no HTTP address/],
    ['hangs up', (request) => request.socket.destroy(), '', /closed the connection/],
    ['speaks something else', (request) => request.socket.end('SSH-2.0\r\n'), '', /not HTTP/],
  ])('%s', async (_, handler, yaml, message) => {
    const scraper = await scraped(handler, yaml);
    expect(scraper.target().lastError).toMatch(message);
    expect(scraper.target().health).toBe('down');
    expect(scraper.of('up')[0]?.value).toBe(0);
    expect(scraper.taken.filter(({ name }) => !/^(up|scrape_.*)$/.test(name))).toEqual([]);
  });

  test('but not because a kept connection was closed in between', async () => {
    const scraper = await scraped((request, response) => {
      // Closes when the connection is used for the second time, before it says anything.
      const { socket } = request;
      if (used.has(socket)) socket.destroy();
      else says('a 1\n')(request, response);
      used.add(socket);
    });
    await until(() => scraper.of('up').length >= 4);
    expect(scraper.of('up').map(({ value }) => value)).not.toContain(0);
    expect(servers[0]?.requests.length).toBeGreaterThan(scraper.of('up').length);
  });

  test('nothing listens', async () => {
    const server = await TargetServer.start(says(''));
    const { address } = server;
    await server.stop();
    const scraper = scrape(`static_configs: [{targets: ["${address}"]}]`);
    await until(() => scraper.of('up').length > 0);
    expect(scraper.target().lastError).toMatch(/connection refused/);
  });

  test('without keeping others from being on time', async () => {
    const [bad, good] = await Promise.all([serve(() => undefined), serve(says('a 1\n'))]);
    const scraper = scrape(`static_configs: [{targets: ["${bad.address}", "${good.address}"]}]`);
    await until(() => scraper.of('a').length >= 5);
    const times = scraper.of('a').map(({ at }) => at);
    expect((times[4] ?? 0) - (times[0] ?? 0)).toBeLessThan(1100);
    expect(scraper.of('up').filter(({ value }) => value === 0).length).toBeGreaterThan(1);
  });
});

describe('staleness', () => {
  test('a series that vanishes, one that comes back, and a target that fails', async () => {
    const server = await serve(says('a 1\nb 1\nc 1 1000\n'));
    const scraper = scrape(`static_configs: [{targets: ["${server.address}"]}]`);
    await until(() => scraper.of('b').length >= 2);
    server.handler = says('a 1\n');
    const gone = await until(() => scraper.of('b').find(({ value }) => value === 'stale'));
    expect(scraper.of('a').some(({ at, value }) => at === gone.at && value === 1)).toBe(true);
    server.handler = says('a 1\nb 2\n');
    await until(() => scraper.of('b').some(({ value }) => value === 2));
    server.handler = says('a 1\nb 3\noops');
    await until(() => scraper.of('up').some(({ value }) => value === 0));
    const failed = scraper.of('up').find(({ value }) => value === 0)?.at;
    for (const name of ['a', 'b'])
      expect(scraper.of(name).find(({ at }) => at === failed)?.value).toBe('stale');
    // Told once, not at each failure.
    await until(() => scraper.of('up').filter(({ value }) => value === 0).length >= 3);
    expect(scraper.of('a').filter(({ value }) => value === 'stale')).toHaveLength(1);
    // One with a time of its own is not followed.
    expect(scraper.of('c').some(({ value }) => value === 'stale')).toBe(false);
  });

  test('of series with times of their own, when asked for', async () => {
    const server = await serve((_request, response) => says(`c 1 ${Date.now()}\n`)(_request, response));
    const scraper = scrape(
      `track_timestamps_staleness: true\nstatic_configs: [{targets: ["${server.address}"]}]`,
    );
    await until(() => scraper.of('c').length > 0);
    server.handler = says('');
    await until(() => scraper.of('c').some(({ value }) => value === 'stale'));
  });

  test('a target that is taken out of the configuration', async () => {
    const server = await serve(says('a 1\n'));
    const scraper = scrape(`static_configs: [{targets: ["${server.address}"]}]`);
    await until(() => scraper.of('a').length >= 2);
    scraper.apply('static_configs: []');
    await until(() => scraper.of('up').some(({ value }) => value === 'stale'));
    expect(scraper.of('a').at(-1)?.value).toBe('stale');
    expect(scraper.manager.targets().active).toEqual([]);
  });

  test('not for one that moves to another job under the same labels', async () => {
    const server = await serve(says('a 1\n'));
    const job = (name: string) =>
      `global: {scrape_interval: 200ms, scrape_timeout: 150ms}\nscrape_configs: [{job_name: ${name}, static_configs: [{targets: ["${server.address}"], labels: {job: same}}]}]`;
    const scraper = scrape(job('one'));
    await until(() => scraper.of('a').length >= 2);
    scraper.apply(job('two'));
    const count = scraper.of('a').length;
    await until(() => scraper.of('a').length >= count + 5);
    expect(scraper.taken.some(({ value }) => value === 'stale')).toBe(false);
  });

  test('not when the server stops', async () => {
    const scraper = await scraped(says('a 1\n'));
    await scraper.manager.stop();
    expect(scraper.taken.some(({ value }) => value === 'stale')).toBe(false);
  });
});

describe('a configuration that changes', () => {
  test('leaves a job alone that stays the same', async () => {
    const server = await serve(says('a 1\n'));
    const scraper = scrape(`static_configs: [{targets: ["${server.address}"]}]`);
    await until(() => scraper.of('a').length > 0);
    const before = scraper.target();
    scraper.apply(`static_configs: [{targets: ["${server.address}"]}]`);
    expect(scraper.target()).toBe(before);
  });

  test('goes on with the series of a target whose job changes', async () => {
    const server = await serve(says('a 1\nb 1\n'));
    const targets = `static_configs: [{targets: ["${server.address}"]}]`;
    const scraper = scrape(targets);
    await until(() => scraper.of('b').length > 0);
    scraper.apply(
      `${targets}\nmetric_relabel_configs: [{action: drop, source_labels: [__name__], regex: b}]`,
    );
    await until(() => scraper.of('b').some(({ value }) => value === 'stale'));
    expect(scraper.of('a').some(({ value }) => value === 'stale')).toBe(false);
  });

  test('target_limit', async () => {
    const servers = await Promise.all([serve(says('a 1\n')), serve(says('a 1\n'))]);
    const scraper = scrape(
      `target_limit: 1\nstatic_configs: [{targets: ["${servers.map(({ address }) => address).join('", "')}"]}]`,
    );
    await until(() => scraper.of('up').length >= 2);
    expect(scraper.target().lastError).toBe('target_limit exceeded (number of targets: 2, limit: 1)');
    expect(servers[0]?.requests).toEqual([]);
  });

  test('dropped targets are kept for show', async () => {
    const scraper = scrape(
      'static_configs: [{targets: ["a:1", "b:1"]}]\nrelabel_configs: [{action: drop, source_labels: [__address__], regex: ".*"}]',
    );
    const { active, dropped, droppedCounts } = scraper.manager.targets();
    expect(active).toEqual([]);
    expect(dropped).toHaveLength(2);
    expect(droppedCounts.get('shop')).toBe(2);
  });
});

test('a store that is slow makes scrapes be missed and counted, never piled up', async () => {
  const server = await serve(says('a 1\n'));
  let free: () => void = () => undefined;
  const scraper = new Scraper(async () => {
    await new Promise<void>((resolve) => {
      free = resolve;
    });
    return { accepted: 1, rejected: [] };
  });
  scrapers.push(scraper);
  scraper.apply(`static_configs: [{targets: ["${server.address}"]}]`);
  await until(() => scraper.batches.length > 0);
  await new Promise((resolve) => setTimeout(resolve, 900));
  expect(scraper.batches).toHaveLength(1);
  free();
  await until(() => scraper.target().missed >= 3);
  expect(await scraper.registry.getSingleMetricAsString('chokepoint_scrapes_missed_total')).toMatch(
    / [3-9]$/m,
  );
  const stop = scraper.manager.stop();
  const timer = setInterval(free, 5);
  await stop;
  clearInterval(timer);
});

test('a store that refuses is told on the target', async () => {
  const server = await serve(says('a 1\n'));
  const scraper = new Scraper(() => Promise.reject(new Error('disk full')));
  scrapers.push(scraper);
  scraper.apply(`static_configs: [{targets: ["${server.address}"]}]`);
  await until(() => scraper.target().lastError !== '');
  expect(scraper.target().lastError).toBe('scraped, but not stored: disk full');
  expect(scraper.log.filter((line) => line.includes('disk full'))).toHaveLength(1);
});
