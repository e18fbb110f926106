import path from 'node:path';
import { z } from 'zod';
import { parseDuration } from '#lib/model/time-range.ts';

const port = z.coerce.number({ error: 'must be a number' }).int().min(0).max(65_535);
const onOff = z.enum(['on', 'off'], { error: "must be 'on' or 'off'" });

const durationOrAll = z
  .string()
  .refine((v) => v === '0' || (parseDuration(v) ?? 0) > 0, { error: 'must be a duration or 0' });

/** Every setting: its default and what is wrong with a bad value, in words. The README's table is tested against this. */
export const SETTINGS = {
  PORT: {
    schema: port,
    fallback: '3000',
    what: 'TCP port to listen on (0 picks a free one)',
    fix: 'give a port from 1 to 65535, e.g. PORT=3000',
  },
  HOST: {
    schema: z.string().min(1),
    fallback: '127.0.0.1',
    what: 'address to listen on',
    fix: 'give an address of this machine, e.g. HOST=127.0.0.1',
  },
  CHOKEPOINT_DATA: {
    schema: z.string().min(1),
    fallback: './data',
    what: 'folder for the database, the secret and snapshots',
    fix: 'give a folder this user can write to, e.g. CHOKEPOINT_DATA=./data',
  },
  DATABASE_URL: {
    schema: z.string().regex(/^(?:$|postgres(?:ql)?:\/\/.+)/, { error: 'must start with postgresql://' }),
    fallback: '',
    what: 'PostgreSQL to store in; unset: embedded SQLite in the data folder',
    fix: 'unset it for SQLite, or give e.g. DATABASE_URL=postgresql://user:password@127.0.0.1:5432/chokepoint',
  },
  CHOKEPOINT_RETENTION: {
    schema: durationOrAll,
    fallback: '15d',
    what: 'how long telemetry is kept; 0 keeps all',
    fix: 'give a duration such as 12h, 15d or 4w, or 0 to keep everything',
  },
  CHOKEPOINT_RETENTION_5M: {
    schema: durationOrAll,
    fallback: '90d',
    what: 'how long metrics are kept as rollups of 5 minutes after that; 0 keeps all',
    fix: 'give a duration such as 90d, or 0 to keep everything',
  },
  CHOKEPOINT_RETENTION_1H: {
    schema: durationOrAll,
    fallback: '400d',
    what: 'how long metrics are kept as rollups of an hour after that; 0 keeps all',
    fix: 'give a duration such as 400d, or 0 to keep everything',
  },
  CHOKEPOINT_MAX_SERIES: {
    schema: z.coerce.number({ error: 'must be a number' }).int().min(1),
    fallback: '1000000',
    what: 'how many series may be active at once; new ones beyond that are refused',
    fix: 'give a whole number, e.g. CHOKEPOINT_MAX_SERIES=1000000 (about 2 GB of memory)',
  },
  CHOKEPOINT_QUERY_TIMEOUT: {
    schema: z.string().refine((v) => (parseDuration(v) ?? 0) > 0, { error: 'must be a duration' }),
    fallback: '30s',
    what: 'how long a PromQL query may take',
    fix: 'give a duration such as 30s or 2m',
  },
  CHOKEPOINT_QUERY_SAMPLES: {
    schema: z.coerce.number({ error: 'must be a number' }).int().min(1),
    fallback: '20000000',
    what: 'how many samples a PromQL query may hold in memory (16 bytes each)',
    fix: 'give a whole number, e.g. CHOKEPOINT_QUERY_SAMPLES=20000000',
  },
  CHOKEPOINT_SELF: {
    schema: onOff,
    fallback: 'on',
    what: 'whether Chokepoint watches itself',
    fix: 'set CHOKEPOINT_SELF=on or CHOKEPOINT_SELF=off',
  },
  CHOKEPOINT_CONFIG: {
    schema: z.string(),
    fallback: '',
    what: 'YAML file in the syntax of Prometheus: what to scrape, which rules to record; unset: nothing',
    fix: 'give the path of a readable file, or unset it',
  },
} as const;

export interface Settings {
  readonly port: number;
  readonly host: string;
  /** absolute */
  readonly dataDir: string;
  /** undefined: embedded SQLite */
  readonly databaseUrl: string | undefined;
  /** ms; undefined keeps everything */
  readonly retentionMs: number | undefined;
  /** The same for rollups, by resolution. */
  readonly rollupRetentionMs: {
    readonly fiveMinutes: number | undefined;
    readonly oneHour: number | undefined;
  };
  readonly maxSeries: number;
  readonly queryTimeoutMs: number;
  readonly queryMaxSamples: number;
  readonly self: boolean;
  /** absolute; undefined: nothing is scraped and no rules are recorded */
  readonly configPath: string | undefined;
}

/** Throws an Error whose message has one line for each bad variable: its name, what is wrong, and the fix. */
export function readSettings(env: Readonly<Record<string, string | undefined>>, cwd: string): Settings {
  const problems: string[] = [];
  const read = <K extends keyof typeof SETTINGS>(name: K): string => {
    const setting = SETTINGS[name];
    const text = env[name]?.trim() || setting.fallback;
    const parsed = setting.schema.safeParse(text);
    if (!parsed.success)
      problems.push(
        `${name}='${name === 'DATABASE_URL' ? '…' : text}' ${parsed.error.issues[0]?.message ?? 'is not valid'}: ${setting.fix}`,
      );
    return text;
  };
  const kept = (name: keyof typeof SETTINGS): number | undefined => {
    const text = read(name);
    return text === '0' ? undefined : parseDuration(text);
  };
  const config = read('CHOKEPOINT_CONFIG');
  const settings: Settings = {
    port: Number(read('PORT')),
    host: read('HOST'),
    dataDir: path.resolve(cwd, read('CHOKEPOINT_DATA')),
    databaseUrl: read('DATABASE_URL') || undefined,
    retentionMs: kept('CHOKEPOINT_RETENTION'),
    rollupRetentionMs: {
      fiveMinutes: kept('CHOKEPOINT_RETENTION_5M'),
      oneHour: kept('CHOKEPOINT_RETENTION_1H'),
    },
    maxSeries: Number(read('CHOKEPOINT_MAX_SERIES')),
    queryTimeoutMs: parseDuration(read('CHOKEPOINT_QUERY_TIMEOUT')) ?? 30_000,
    queryMaxSamples: Number(read('CHOKEPOINT_QUERY_SAMPLES')),
    self: read('CHOKEPOINT_SELF') === 'on',
    configPath: config === '' ? undefined : path.resolve(cwd, config),
  };
  if (problems.length) throw new Error(problems.join('\n'));
  return settings;
}
