import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { normaliseStatement } from '#lib/model/sql/normalise.ts';
import type { StatementRun } from '#lib/model/statement.ts';
import { SlowLogDecoder } from './decode.ts';

const CASES = '../shared/cases';

interface Shape {
  fingerprint?: string;
  example?: string;
  calls: number;
  totalMs: number;
  maxMs?: number;
  p95Ms?: [number, number];
  p99Ms?: [number, number];
  rowsSent?: number;
  rowsExamined?: number;
  lockMs?: number;
  database?: string;
  optional?: boolean;
  or?: { calls: number; totalMs: number }[];
}

interface Case {
  format: 'mysql' | 'postgres';
  log: string;
  shapes: Shape[];
  garbled?: string[];
}

interface Group {
  readonly text: string;
  readonly runs: StatementRun[];
  taken: boolean;
}

function decode(bytes: Uint8Array, chunk = 65_536): StatementRun[] {
  const decoder = new SlowLogDecoder({ format: 'auto', service: '', instance: '', database: '', now: 0 });
  const runs: StatementRun[] = [];
  for (let at = 0; at < bytes.length; at += chunk)
    runs.push(...decoder.push(bytes.subarray(at, at + chunk)).runs);
  runs.push(...decoder.end().runs);
  return runs;
}

const sum = (group: Group, of: (run: StatementRun) => number | undefined): number =>
  group.runs.reduce((n, run) => n + (of(run) ?? 0), 0);

const isNear = (a: number, b: number): boolean => Math.abs(a - b) <= Math.max(0.01, Math.abs(b) * 0.001);

/** Letters only: tools write shapes in many ways. */
const letters = (text: string): string =>
  text
    .toLowerCase()
    .replace(/\bnull\b/g, '')
    .replace(/[^a-z]/g, '');

function groupRuns(runs: readonly StatementRun[]): Group[] {
  const groups = new Map<string, Group>();
  for (const run of runs) {
    const group = groups.get(run.fingerprint) ?? { text: run.text, runs: [], taken: false };
    group.runs.push(run);
    groups.set(run.fingerprint, group);
  }
  return [...groups.values()];
}

function problemsOf(shape: Shape, group: Group): string[] {
  const problems: string[] = [];
  const totalMs = sum(group, (r) => r.durationMs);
  const other = shape.or?.find((o) => o.calls === group.runs.length && isNear(totalMs, o.totalMs));
  if (other !== undefined) return [];
  const check = (name: string, got: number, expected: number | undefined): void => {
    if (expected !== undefined && !isNear(got, expected))
      problems.push(`${name} ${got}, expected ${expected}`);
  };
  const durations = group.runs.map((r) => r.durationMs).sort((a, b) => a - b);
  check('calls', group.runs.length, shape.calls);
  check('totalMs', totalMs, shape.totalMs);
  check('maxMs', durations.at(-1) ?? 0, shape.maxMs);
  for (const [share, bounds] of [
    [0.95, shape.p95Ms],
    [0.99, shape.p99Ms],
  ] as const) {
    const value = durations[Math.ceil(share * durations.length) - 1] ?? 0;
    if (bounds && (value < bounds[0] * 0.97 - 0.01 || value > bounds[1] * 1.03 + 0.01))
      problems.push(`p${share * 100} ${value}, expected ${bounds.join('..')}`);
  }
  // What rows an administrator command has, tools disagree about.
  if (group.text.startsWith('administrator')) return problems;
  check(
    'rowsSent',
    sum(group, (r) => r.rowsSent),
    shape.rowsSent,
  );
  check(
    'rowsExamined',
    sum(group, (r) => r.rowsExamined),
    shape.rowsExamined,
  );
  check(
    'lockMs',
    sum(group, (r) => r.lockMs),
    shape.lockMs,
  );
  const [database] = new Set(group.runs.map((r) => r.database));
  if (shape.database !== undefined && database !== '' && database !== shape.database)
    problems.push(`database ${database}, expected ${shape.database}`);
  return problems.map((p) => `${group.text.slice(0, 60)}: ${p}`);
}

function compare(
  doc: { shapes: Shape[]; garbled?: string[] },
  runs: readonly StatementRun[],
  dialect: 'mysql' | 'postgresql',
): string[] {
  const groups = groupRuns(runs);
  const problems: string[] = [];
  for (const shape of doc.shapes) {
    const text = shape.example ?? shape.fingerprint ?? '';
    const { fingerprint } = normaliseStatement(text, dialect);
    const group =
      groups.find((g) => !g.taken && g.runs[0]?.fingerprint === fingerprint) ??
      groups.find((g) => !g.taken && letters(g.text) === letters(normaliseStatement(text, dialect).text)) ??
      // Long examples are cut in the case's file: then the figures tell.
      groups.find((g) => !g.taken && problemsOf(shape, g).length === 0);
    if (group === undefined) {
      if (!shape.optional) problems.push(`missing: ${text.slice(0, 100)}`);
      continue;
    }
    group.taken = true;
    problems.push(...problemsOf(shape, group));
  }
  const garbled = new Set(doc.garbled?.map((sql) => normaliseStatement(sql, dialect).fingerprint));
  for (const group of groups)
    if (!group.taken && !garbled.has(group.runs[0]?.fingerprint ?? ''))
      problems.push(`not expected: ${group.runs.length} × ${group.text.slice(0, 100)}`);
  return problems;
}

const why = existsSync(CASES) ? '' : ' (skipped: ../shared/cases is not there)';

describe.skipIf(why !== '')(`logs of other projects${why}`, () => {
  const files = globSync(`${CASES}/slowlog-{mysql,postgres}/*.json`).filter(
    (f) => !f.endsWith('log-lines.json'),
  );

  test.each(files.sort())('%s', (file) => {
    const doc: Case = JSON.parse(readFileSync(file, 'utf8'));
    const raw = readFileSync(path.join(path.dirname(file), doc.log));
    const bytes = doc.log.endsWith('.gz') ? gunzipSync(raw) : raw;
    expect(compare(doc, decode(bytes), doc.format === 'mysql' ? 'mysql' : 'postgresql')).toEqual([]);
  });

  const lines: { lines: { level: string; text: string; kind?: string }[]; statements: Shape[] }[] =
    existsSync(CASES) ? JSON.parse(readFileSync(`${CASES}/slowlog-postgres/log-lines.json`, 'utf8')) : [];

  test.each(lines.map((c, i) => [i + 1, c] as const))('log-lines.json #%i', (_, c) => {
    const log = c.lines.map(
      (l, i) =>
        `2024-05-06 07:08:09.${120 + i} UTC [4711] app@shop ${l.level}:  ${l.text.replace(/\n(?!\t)/g, '\n\t')}\n`,
    );
    const shapes = c.statements.map((s) => (s.totalMs ? s : { ...s, optional: true }));
    const runs = decode(Buffer.from(log.join('')));
    if (c.statements.length > 0) expect(compare({ shapes }, runs, 'postgresql')).toEqual([]);
    else expect(runs.filter((r) => r.durationMs === 0)).toEqual([]);
  });
});
