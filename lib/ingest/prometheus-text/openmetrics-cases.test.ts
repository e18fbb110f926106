import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { parseExposition } from './parse.ts';

const CASES = '../shared/cases/openmetrics';
const cases = globSync(`${CASES}/*/test.json`).map((file) => path.dirname(file));

test.skipIf(cases.length > 0)(`OpenMetrics' own cases (skipped: ${CASES} is not there)`, () => {
  expect(cases).toEqual([]);
});

test.each(cases)("OpenMetrics' own case %s", (dir) => {
  const { file, shouldParse } = JSON.parse(readFileSync(`${dir}/test.json`, 'utf8'));
  const text = readFileSync(`${dir}/${file}`, 'utf8');
  const parse = () => parseExposition(text, { now: 1_700_000_000_000, strict: true });
  if (shouldParse) expect(parse().offsets.at(-1)).toBe(parse().values.length);
  else
    expect(parse).toThrow(
      expect.objectContaining({ status: 400, message: expect.stringMatching(/^line \d+: /) }),
    );
});
