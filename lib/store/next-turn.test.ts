import { expect, test } from 'vitest';
import { nextTurn } from './next-turn.ts';

test('of many tasks one goes on in each round of the event loop, each in its turn', async () => {
  let round = 0;
  const done = { yet: false };
  const count = (): void => {
    round++;
    if (!done.yet) setImmediate(count);
  };
  setImmediate(count);
  const seen: [task: string, round: number][] = [];
  const task = async (name: string, times: number): Promise<void> => {
    for (let i = 0; i < times; i++) {
      await nextTurn();
      seen.push([name, round]);
    }
  };
  await Promise.all([task('a', 3), task('b', 3), task('c', 1)]);
  done.yet = true;
  expect(seen.map(([name]) => name).join('')).toBe('abcabab');
  const rounds = seen.map(([, at]) => at);
  expect(new Set(rounds).size).toBe(rounds.length);
});

test('a task that fails does not hold up the next', async () => {
  const failing = nextTurn().then(() => {
    throw new Error('x');
  });
  const after = nextTurn();
  await expect(failing).rejects.toThrow('x');
  await after;
});
