import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { configOf, jobOf } from './config.testing.ts';
import { ConfigError } from './problem.ts';
import { parseYaml } from './yaml-source.ts';

/** Message of the refusal, without the folder. */
function refusal(files: Readonly<Record<string, string>> | string): string {
  try {
    configOf(typeof files === 'string' ? { 'c.yml': files } : files);
  } catch (error) {
    if (error instanceof ConfigError) return error.message.replace(/^\S*\//gm, '');
    throw error;
  }
  return 'taken';
}

describe('a configuration of Prometheus is taken', () => {
  test('with all that a job inherits from global', () => {
    const job = jobOf(
      'scrape_interval: 1m30s\nlabel_limit: 30\nparams:\n  module: [http_2xx, x]',
      'global: {scrape_interval: 15s, scrape_timeout: 5s, sample_limit: 1000, body_size_limit: 10MB, external_labels: {region: 1.0}}',
    );
    expect(job).toMatchObject({
      jobName: 'shop',
      intervalMs: 90_000,
      timeoutMs: 5000,
      metricsPath: '/metrics',
      scheme: 'http',
      honorLabels: false,
      honorTimestamps: true,
      params: [['module', ['http_2xx', 'x']]],
      limits: { samples: 1000, labels: 30, bodyBytes: 10 * 1024 * 1024, targets: 0 },
    });
  });

  test('a timeout that nobody gave never exceeds the interval', () => {
    expect(jobOf('scrape_interval: 5s')).toMatchObject({ intervalMs: 5000, timeoutMs: 5000 });
  });

  test('scalars stay the text that was written', () => {
    const { discovery } = jobOf(
      'static_configs:\n  - targets: [a:1]\n    labels: {shard: 007, on: yes, v: 1.10, none: null}',
    );
    expect(discovery.static[0]?.labels).toEqual([
      ['on', 'yes'],
      ['shard', '007'],
      ['v', '1.10'],
    ]);
  });

  test('anchors, merge keys, and keys without a value', () => {
    const config = configOf({
      'c.yml':
        'global:\nscrape_configs:\n  - &base {job_name: a, scrape_interval: 10s}\n  - <<: *base\n    job_name: b\n    static_configs:\n',
    });
    expect(config.scrapeConfigs.map(({ jobName, intervalMs }) => [jobName, intervalMs])).toEqual([
      ['a', 10_000],
      ['b', 10_000],
    ]);
  });

  test('further files of scrape configs and rules', () => {
    const config = configOf({
      'c.yml':
        'scrape_config_files: ["jobs-*.yml"]\nrule_files: [rules.yml]\nscrape_configs: [{job_name: a}]',
      'jobs-1.yml': 'scrape_configs: [{job_name: b}]',
      'jobs-2.yml': 'scrape_configs: [{job_name: c}]',
      'rules.yml': 'groups: []',
    });
    expect(config.scrapeConfigs.map(({ jobName }) => jobName)).toEqual(['a', 'b', 'c']);
    expect(config.ruleFiles).toHaveLength(1);
    expect(config.files).toHaveLength(4);
  });

  test('the example that comes with Prometheus, whose list of Alertmanagers is empty', () => {
    const yaml =
      'alerting:\n  alertmanagers:\n    - static_configs:\n        - targets:\n          # - alertmanager:9093\nrule_files:\n  # - first.yml\nscrape_configs: [{job_name: a}]';
    expect(configOf({ 'c.yml': yaml }).scrapeConfigs).toHaveLength(1);
  });

  test('an empty file', () => {
    expect(configOf({ 'c.yml': '# nothing yet\n' }).scrapeConfigs).toEqual([]);
  });

  test('and shown with its secrets masked', () => {
    const { yaml } = configOf({
      'c.yml':
        'scrape_configs:\n  - job_name: a\n    basic_auth: {username: u, password: hush}\n    http_headers: {X-Key: {secrets: [hush]}}\n',
    });
    expect(yaml).not.toContain('hush');
    expect(yaml).toContain('<secret>');
    expect(yaml).toContain('username: u');
  });
});

describe('what is wrong is told with its line', () => {
  const job = (yaml: string) => `scrape_configs:\n  - job_name: a\n    ${yaml}\n`;
  test.each([
    ['not YAML', 'a: [', /^c\.yml:1: not valid YAML/],
    ['a key twice', 'global: {}\nglobal: {}', /^c\.yml:2: not valid YAML: .*unique/],
    ['a list', '- a', /^c\.yml:1: must be a mapping/],
    [
      'a slip',
      job('scrap_interval: 5s'),
      /^c\.yml:3: scrape_configs\[0\]\.scrap_interval: unknown key "scrap_interval"; did you mean 'scrape_interval'\?$/,
    ],
    [
      'an invented key',
      'targets: []',
      /^c\.yml:1: targets: unknown key "targets"; known here: .*scrape_configs/,
    ],
    [
      'a later feature',
      'global: {}\nremote_write: []',
      /^c\.yml:2: remote_write: 'remote_write' is not supported yet/,
    ],
    [
      'an Alertmanager',
      'alerting: {alertmanagers: [{static_configs: [{targets: ["am:9093"]}]}]}',
      /^c\.yml:1: alerting: 'alerting' is not supported yet/,
    ],
    ['another discovery', job('kubernetes_sd_configs: [{role: pod}]'), /^c\.yml:3: .*not supported yet/],
    ['no name', 'scrape_configs:\n  - scheme: http', /^c\.yml:2: scrape_configs\[0\]\.job_name: is missing$/],
    [
      'a name twice',
      'scrape_configs:\n  - job_name: a\n  - job_name: a',
      /^c\.yml:3: .*another scrape config/,
    ],
    ['a duration', job('scrape_interval: 5 sec'), /^c\.yml:3: .*"5 sec" is not a duration above 0/],
    ['units out of order', job('scrape_interval: 5s1m'), /not a duration/],
    [
      'a timeout too long',
      job('scrape_timeout: 2m'),
      /^c\.yml:3: .*2m is longer than the scrape_interval of 1m/,
    ],
    [
      'a URL as target',
      job('static_configs: [{targets: ["http://a:1/x"]}]'),
      /^c\.yml:3: .*must be host:port alone/,
    ],
    ['an address', job('static_configs: [{targets: ["a b:1"]}]'), /is not an address/],
    ['two credentials', job('bearer_token: a\n    basic_auth: {username: a}'), /give only one of/],
    [
      'password and file',
      job('basic_auth: {password: a, password_file: b}'),
      /'password' or 'password_file'/,
    ],
    ['half a certificate', job('tls_config: {cert_file: a}'), /needs both cert and key/],
    [
      'an action',
      job('relabel_configs: [{action: rename}]'),
      /^c\.yml:3: .*relabel_configs\[0\]\.action: 'rename' is none of/,
    ],
    [
      'a regex',
      job('relabel_configs: [{regex: "a(", target_label: b}]'),
      /relabel_configs\[0\]\.regex: not a regular expression/,
    ],
    [
      'a regex beyond RE2',
      job('relabel_configs: [{regex: "(?=a)", target_label: b}]'),
      /not a regular expression/,
    ],
    ['no target label', job('relabel_configs: [{source_labels: [a]}]'), /needs 'target_label'/],
    ['no modulus', job('relabel_configs: [{action: hashmod, target_label: a}]'), /'modulus' above 0/],
    [
      'an unused key',
      job('relabel_configs: [{action: labeldrop, regex: a, target_label: b}]'),
      /does not use 'target_label'/,
    ],
    ['a DNS type without port', job('dns_sd_configs: [{names: [a], type: A}]'), /need a 'port'/],
    ['a discovery file', job('file_sd_configs: [{files: [targets.txt]}]'), /must end with \.json/],
    ['a size', job('body_size_limit: 10'), /a size with its unit/],
    [
      'a missing file',
      { 'c.yml': 'rule_files: [gone.yml]' },
      /^gone\.yml: cannot be read: there is no such file$/,
    ],
    [
      'a slip in another file',
      {
        'c.yml': 'scrape_config_files: [d.yml]',
        'd.yml': 'scrape_configs:\n  - job_name: x\n    schem: http',
      },
      /^d\.yml:3: .*did you mean 'scheme'/,
    ],
  ])('%s', (_, files, message) => {
    expect(refusal(files)).toMatch(message);
  });

  test('several problems at once', () => {
    expect(refusal(job('scheme: ftp\n    honor_labels: perhaps')).split('\n')).toHaveLength(2);
  });
});

test('no text makes the reader fail in another way', () => {
  const yaml = fc.oneof(fc.string(), fc.json(), fc.stringMatching(/^[-\s:a-z{}[\]&*<!|>'"#]{0,60}$/));
  fc.assert(
    fc.property(yaml, (text) => {
      try {
        const source = parseYaml(text, 'x');
        source.lineOf(['a', 0]);
        source.masked();
      } catch (error) {
        expect(error).toBeInstanceOf(ConfigError);
      }
    }),
  );
});
