/**
 * How fast slow logs are read, and what is found in them:
 * `node bench/slow-log.ts LOG [--report FILE]`. The report is a JSON list of {sql, calls, total_ms, p95_ms, rows}.
 */
import { createReadStream, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { SlowLogDecoder } from '#lib/ingest/slow-log/decode.ts';
import type { StatementBatch } from '#lib/model/statement.ts';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { report: { type: 'string' } },
});
const [file] = positionals;
if (file === undefined) throw new Error('Name a log: node bench/slow-log.ts LOG [--report FILE]');

interface Shape {
  sql: string;
  durations: number[];
  rows: number;
  plans: number;
}

const shapes = new Map<string, Shape>();
const notices = new Map<string, number>();
const decoder = new SlowLogDecoder({
  format: 'auto',
  service: '',
  instance: '',
  database: '',
  now: Date.now(),
});
let bytes = 0;
let peak = 0;

function count(batch: StatementBatch): void {
  for (const run of batch.runs) {
    const shape = shapes.get(run.fingerprint) ?? { sql: run.text, durations: [], rows: 0, plans: 0 };
    shape.durations.push(run.durationMs);
    shape.rows += run.rowsExamined ?? 0;
    if (run.plan) shape.plans++;
    shapes.set(run.fingerprint, shape);
  }
  for (const notice of batch.notices) notices.set(notice.kind, (notices.get(notice.kind) ?? 0) + 1);
}

const before = process.cpuUsage();
for await (const chunk of createReadStream(file, { highWaterMark: 65_536 })) {
  const batch = decoder.push(chunk);
  bytes += chunk.length;
  peak = Math.max(peak, process.memoryUsage.rss());
  count(batch);
}
count(decoder.end());
// Processor time of all threads: other processes do not slow it.
const used = process.cpuUsage(before);
const spentMs = (used.user + used.system) / 1000;

console.log(
  JSON.stringify({
    megabytes: bytes / 1e6,
    megabytesPerSecond: bytes / 1e3 / spentMs,
    peakMegabytes: peak / 1e6,
    ...decoder.summary,
    notices: Object.fromEntries(notices),
    plans: [...shapes.values()].reduce((n, s) => n + s.plans, 0),
  }),
);
if (values.report !== undefined) {
  const report = [...shapes.values()].map(({ sql, durations, rows }) => {
    durations.sort((a, b) => a - b);
    return {
      sql,
      calls: durations.length,
      total_ms: durations.reduce((a, b) => a + b, 0),
      p95_ms: durations[Math.ceil(durations.length * 0.95) - 1],
      rows,
    };
  });
  writeFileSync(values.report, JSON.stringify(report));
}
