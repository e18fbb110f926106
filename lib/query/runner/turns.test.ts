import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Turns } from './turns.ts';

const signal = new AbortController().signal;

test('so many at once, callers in turn, first come first served within one caller', async () => {
  const turns = new Turns(1);
  const order: string[] = [];
  const first = await turns.take('a', signal, 1000);
  const ask = async (caller: string, name: string): Promise<void> => {
    const done = await turns.take(caller, signal, 1000);
    order.push(name);
    await nextTurn();
    done();
    done();
  };
  const all = [ask('a', 'a1'), ask('a', 'a2'), ask('a', 'a3'), ask('b', 'b1'), ask('b', 'b2')];
  await nextTurn();
  expect(order).toEqual([]);
  first();
  await Promise.all(all);
  expect(order).toEqual(['a1', 'b1', 'a2', 'b2', 'a3']);
  (await turns.take('a', signal, 1000))();
});

test('who gives up, or waits too long, leaves the queue', async () => {
  const turns = new Turns(1);
  const first = await turns.take('a', signal, 1000);
  const gone = new AbortController();
  const leaving = turns.take('b', gone.signal, 1000);
  const waiting = turns.take('c', signal, 1);
  gone.abort();
  await expect(leaving).rejects.toMatchObject({ code: 'canceled' });
  await expect(waiting).rejects.toMatchObject({ status: 503, code: 'timeout' });
  first();
  (await turns.take('d', signal, 1000))();
});

test('the queue has an end', async () => {
  const turns = new Turns(1);
  const first = await turns.take('a', signal, 1000);
  const waiting = Array.from({ length: 500 }, () => turns.take('a', signal, 60_000));
  await expect(turns.take('b', signal, 1000)).rejects.toMatchObject({ status: 503, code: 'unavailable' });
  first();
  for (const next of waiting) (await next)();
});
