import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { play } from './play.ts';
import { readTests } from './test-language.ts';

const FOLDER = '../shared/cases/promql';

describe.skipIf(!existsSync(FOLDER))(`Prometheus' own query tests (skipped without ${FOLDER})`, () => {
  for (const file of globSync(`${FOLDER}/*.test`).sort()) {
    test(path.basename(file), async () => {
      const verdicts = (
        await Promise.all(
          readTests(readFileSync(file, 'utf8')).map((block) => play(block, path.basename(file))),
        )
      ).flat();
      const failures = verdicts
        .filter(({ problem, annotationProblem }) => problem || annotationProblem)
        .map((v) => `${v.test.line}: ${v.test.query} → ${v.problem || v.annotationProblem}`);
      expect(failures).toEqual([]);
      expect(verdicts.length).toBeGreaterThan(0);
    });
  }
});
