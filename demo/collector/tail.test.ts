import { appendFileSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { sendable, Tail } from './tail.ts';

const at = '2026-11-20 18:45:33.231 UTC';
const run = (pid: number): string =>
  `${at} [${pid}] shop@shop LOG:  duration: 23.9 ms  execute <unnamed>: SELECT 1\n\tFROM t\n${at} [${pid}] shop@shop DETAIL:  Parameters: $1 = '1'\n`;
const plan = (pid: number): string => `${at} [${pid}] shop@shop LOG:  duration: 23.8 ms  plan:\n\t{}\n`;
const wait = `${at} [7] shop@shop LOG:  process 7 still waiting for ShareLock on transaction 9 after 200 ms\n${at} [7] shop@shop STATEMENT:  UPDATE stock\n`;

describe('sendable', () => {
  test.each([
    ['a statement and its plan', run(1) + plan(1), run(1) + plan(1)],
    ['a plan and its statement', plan(1) + run(1), plan(1) + run(1)],
    ['a statement whose plan is still to come', wait + run(1), wait],
    ['a statement alone', run(1), ''],
    ['another process between', run(1) + plan(1) + run(2), run(1) + plan(1)],
    ['what is no duration', run(1) + plan(1) + wait, run(1) + plan(1) + wait],
    ['a line without its end', `${wait}2026-11-20`, wait],
    ['nothing', '', ''],
  ])('%s', (_, text, ready) => {
    expect(text.slice(0, sendable(text, false))).toBe(ready);
  });

  test('waits for a plan once, not for ever', () => {
    expect(sendable(run(1), true)).toBe(run(1).length);
  });
});

test('follows a file that grows and is cut', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'tail-'));
  const file = path.join(folder, 'postgresql.log');
  const tail = new Tail(file);
  try {
    expect(await tail.read()).toBe('');
    writeFileSync(file, run(1));
    expect(await tail.read()).toBe('');
    appendFileSync(file, plan(1));
    expect(await tail.read()).toBe(run(1) + plan(1));
    expect(await tail.read()).toBe('');
    truncateSync(file);
    appendFileSync(file, wait);
    expect(await tail.read()).toBe(wait);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
