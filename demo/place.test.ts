import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { databaseFolder } from './place.ts';

const root = mkdtempSync(path.join(tmpdir(), 'place-'));
afterAll(() => rmSync(root, { recursive: true }));

function folder(name: string, mode: number): string {
  const made = path.join(root, name);
  mkdirSync(made);
  chmodSync(made, mode);
  return made;
}

chmodSync(root, 0o755);
const open = folder('open', 0o755);
const closed = folder('closed', 0o700);

test.each([
  ['an ordinary user stays in the data folder', closed, false, path.join(closed, 'demo', 'postgres')],
  ['root stays where others may enter', open, true, path.join(open, 'demo', 'postgres')],
])('%s', (_, data, isRoot, expected) => {
  expect(databaseFolder(data, isRoot)).toBe(expected);
});

test('root leaves a closed data folder for the folder of temporary files', () => {
  const chosen = databaseFolder(closed, true);
  expect(path.dirname(chosen)).toBe(tmpdir());
  expect(databaseFolder(path.join(closed, 'other'), true)).not.toBe(chosen);
});
