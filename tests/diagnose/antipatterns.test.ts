import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { diagnose } from '#lib/diagnose/diagnose.ts';
import { decodeTraces } from '#lib/ingest/otlp/traces.ts';
import type { Store } from '#lib/store/store.ts';
import { temporaryStore } from '../support/store.ts';

const CASES = path.resolve('../shared/cases/traces');
const cases = existsSync(CASES) ? readdirSync(CASES).filter((n) => n.startsWith('antipattern-')) : [];

describe.skipIf(cases.length === 0)('anti-patterns in traces (need ../shared/cases)', () => {
  let store: Store;
  let done: () => Promise<void>;
  beforeAll(async () => {
    ({ store, done } = await temporaryStore());
  });
  afterAll(() => done());

  test.each(cases)('%s', async (name) => {
    const { findings: expected } = JSON.parse(readFileSync(path.join(CASES, name, 'expect.json'), 'utf8'));
    const payload = gunzipSync(readFileSync(path.join(CASES, name, 'payload.json.gz')));
    await store.appendSpans(decodeTraces(payload, 'json').spans);
    const { findings } = await diagnose(store, {
      from: expected.fromMs,
      to: expected.toMs,
      service: expected.service,
    });
    const found = findings.map((f) => f.detector);
    if (expected.expectAny.length > 0)
      expect(
        found.some((d) => expected.expectAny.includes(d)),
        `found ${found}`,
      ).toBe(true);
    for (const detector of expected.forbid) expect(found).not.toContain(detector);
    const stored = await store.findings.list({ service: expected.service });
    expect(stored.map((f) => f.detector).sort()).toEqual([...found].sort());
  });
});
