/**
 * Child of crash.test.ts: appends numbered samples, spans and statements without end and prints each number once
 * the store has acknowledged all three. `node append-until-killed.ts <folder> <first number> <clock>`
 */
import { writeSync } from 'node:fs';
import { createLog } from '#lib/platform/log.ts';
import { openStore } from '#lib/store/open.ts';
import { hex, makeRun, makeSpan, metricBatch, series } from '#lib/store/testing/telemetry.ts';

const [folder = '', first = '0', clock = '0'] = process.argv.slice(2);
const now = Number(clock);
const store = await openStore({
  dataDir: folder,
  log: createLog(() => undefined),
  now: () => now,
  // Small enough that kills hit compactions too.
  compaction: { samples: 40 },
});
for (let n = Number(first); ; n += 4) {
  await Promise.all(
    [n, n + 1, n + 2, n + 3].map(async (i) => {
      const at = now - 3_600_000 + i;
      // Of every third series the day is over: its blocks are joined again and again.
      const aged = i % 3 === 0 ? at - 30 * 3_600_000 : at;
      await store.appendMetrics(metricBatch([[series('crash', { mod: String(i % 7) }), [[aged, i]]]]));
      await store.appendSpans([
        makeSpan({ traceId: hex(i + 1, 32), spanId: hex(i + 1, 16), startUs: at * 1000 }),
      ]);
      await store.appendStatements({ runs: [makeRun({ at })], notices: [] });
      writeSync(1, `${i}\n`);
    }),
  );
}
