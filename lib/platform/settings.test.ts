import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readSettings, SETTINGS } from './settings.ts';

const ROW = /^\| `([A-Z0-9_]+)` \| (.*?) \| (.*) \|$/gm;

describe('the settings in README.md', () => {
  const rows = new Map(
    [...readFileSync('README.md', 'utf8').matchAll(ROW)].map(([, name = '', fallback, what]) => [
      name,
      { fallback, what },
    ]),
  );

  test.each(Object.entries(SETTINGS))('%s', (name, { fallback, what }) => {
    expect(rows.get(name)).toEqual({ fallback: fallback === '' ? 'unset' : `\`${fallback}\``, what });
  });

  test('none that does not exist', () => {
    expect([...rows.keys()].filter((name) => !(name in SETTINGS))).toEqual([]);
  });
});

describe('readSettings', () => {
  const DEFAULTS = {
    port: 3000,
    host: '127.0.0.1',
    dataDir: '/srv/data',
    databaseUrl: undefined,
    retentionMs: 15 * 86_400_000,
    rollupRetentionMs: { fiveMinutes: 90 * 86_400_000, oneHour: 400 * 86_400_000 },
    maxSeries: 1_000_000,
    self: true,
    configPath: undefined,
  };

  test.each([
    ['nothing set', {}, {}],
    ['blank counts as unset', { PORT: ' ', DATABASE_URL: '' }, {}],
    ['port', { PORT: '8080' }, { port: 8080 }],
    ['absolute folder', { CHOKEPOINT_DATA: '/var/lib/c' }, { dataDir: '/var/lib/c' }],
    ['PostgreSQL', { DATABASE_URL: 'postgres://u@h/d' }, { databaseUrl: 'postgres://u@h/d' }],
    ['keep everything', { CHOKEPOINT_RETENTION: '0' }, { retentionMs: undefined }],
    ['compound duration', { CHOKEPOINT_RETENTION: '1h30m' }, { retentionMs: 5_400_000 }],
    [
      'rollups for ever',
      { CHOKEPOINT_RETENTION_1H: '0' },
      { rollupRetentionMs: { fiveMinutes: 90 * 86_400_000, oneHour: undefined } },
    ],
    ['fewer series', { CHOKEPOINT_MAX_SERIES: '5' }, { maxSeries: 5 }],
    ['configuration file', { CHOKEPOINT_CONFIG: 'prometheus.yml' }, { configPath: '/srv/prometheus.yml' }],
    ['self-watch off', { CHOKEPOINT_SELF: 'off' }, { self: false }],
  ])('%s', (_, env, changed) => {
    expect(readSettings(env, '/srv')).toMatchObject({ ...DEFAULTS, ...changed });
  });

  test.each([
    ['PORT', 'http'],
    ['PORT', '70000'],
    ['DATABASE_URL', 'mysql://u:secret@h/d'],
    ['CHOKEPOINT_RETENTION', 'soon'],
    ['CHOKEPOINT_SELF', 'yes'],
  ])('%s=%s is refused with the fix', (name, value) => {
    expect(() => readSettings({ [name]: value }, '/srv')).toThrow(new RegExp(`^${name}='.*: .+`));
  });

  test('all bad ones at once, and no password in the message', () => {
    const read = (): unknown => readSettings({ PORT: 'x', DATABASE_URL: 'mysql://u:secret@h/d' }, '/srv');
    expect(read).toThrow(/PORT=.*\n.*DATABASE_URL=/);
    expect(read).not.toThrow(/secret/);
  });
});
