import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { diagnose } from '#lib/diagnose/diagnose.ts';
import { decodeTraces } from '#lib/ingest/otlp/traces.ts';
import { parseExposition } from '#lib/ingest/prometheus-text/parse.ts';
import type { Diagnosis } from '#lib/model/finding.ts';
import { temporaryStore } from '../support/store.ts';

const CASES = path.resolve('../shared/cases');
const unzip = (file: string) => gunzipSync(readFileSync(file));

async function diagnosed(
  folder: string,
): Promise<{ diagnosis: Diagnosis; truth: { service: string } | 'none' }> {
  const incident = JSON.parse(readFileSync(path.join(folder, 'incident.json'), 'utf8'));
  const { store, done } = await temporaryStore();
  try {
    const text = unzip(path.join(folder, 'metrics.om.gz')).toString();
    await store.appendMetrics(parseExposition(text, { now: Date.now(), strict: true }));
    const traces = path.join(folder, 'otlp.ndjson.gz');
    for (const line of existsSync(traces) ? unzip(traces).toString().split('\n') : [])
      if (line !== '') await store.appendSpans(decodeTraces(Buffer.from(line), 'json').spans);
    const diagnosis = await diagnose(store, {
      from: incident.window.fromMs,
      to: incident.window.toMs,
      service: incident.symptomService,
      baselineFrom: incident.baseline.fromMs,
      baselineTo: incident.baseline.toMs,
    });
    return { diagnosis, truth: incident.truth };
  } finally {
    await done();
  }
}

/** Every fourth incident and every third healthy one: the whole set is scored elsewhere. */
const some = (set: string, step: number): string[] => {
  const folder = path.join(CASES, set);
  return existsSync(folder)
    ? readdirSync(folder)
        .filter((_, i) => i % step === 0)
        .map((n) => path.join(folder, n))
    : [];
};
const faults = some('rca', 4);
const healthy = some('healthy', 3);

describe.skipIf(faults.length === 0)('recorded incidents (need ../shared/cases)', () => {
  test('names the true service among the first three in most', async () => {
    let right = 0;
    for (const folder of faults) {
      const { diagnosis, truth } = await diagnosed(folder);
      const services = [...new Set(diagnosis.causes.map((c) => c.service))].slice(0, 3);
      if (truth !== 'none' && services.includes(truth.service)) right++;
    }
    expect(right / faults.length).toBeGreaterThanOrEqual(0.6);
  });

  test.each(healthy.map((f) => [path.basename(f), f]))(
    '%s: nothing is wrong, nothing is named',
    async (_, folder) => {
      const { diagnosis } = await diagnosed(folder);
      expect(diagnosis).toMatchObject({ verdict: 'healthy', causes: [] });
    },
  );
});
