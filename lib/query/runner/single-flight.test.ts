import { expect, test } from 'vitest';
import { SingleFlight } from './single-flight.ts';

/** A run that ends when it is told to, and knows whether it was aborted. */
function controlled() {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const state = { runs: 0, aborted: false, resolve, reject };
  const start = (signal: AbortSignal): Promise<string> => {
    state.runs++;
    signal.addEventListener('abort', () => {
      state.aborted = true;
    });
    return promise;
  };
  return { state, start };
}

test('equal questions at the same time run once; later ones run again', async () => {
  const flights = new SingleFlight<string>();
  const { state, start } = controlled();
  const both = [flights.run('a', undefined, start), flights.run('a', undefined, start)];
  const other = flights.run('b', undefined, async () => 'other');
  state.resolve('answer');
  expect(await Promise.all(both)).toEqual(['answer', 'answer']);
  expect(await other).toBe('other');
  expect(state.runs).toBe(1);
  await flights.run('a', undefined, start);
  expect(state.runs).toBe(2);
});

test('the run is aborted when the last client has gone, not before', async () => {
  const flights = new SingleFlight<string>();
  const { state, start } = controlled();
  const [first, second] = [new AbortController(), new AbortController()];
  const answers = [first, second].map(({ signal }) => flights.run('a', signal, start));
  first.abort();
  await expect(answers[0]).rejects.toMatchObject({ code: 'canceled' });
  expect(state.aborted).toBe(false);
  second.abort();
  await expect(answers[1]).rejects.toMatchObject({ code: 'canceled' });
  expect(state.aborted).toBe(true);
  const next = flights.run('a', undefined, async () => 'fresh');
  expect(await next).toBe('fresh');
  state.reject(new Error('aborted'));
});

test('a fault reaches every client', async () => {
  const flights = new SingleFlight<string>();
  const { state, start } = controlled();
  const answers = [flights.run('a', undefined, start), flights.run('a', new AbortController().signal, start)];
  state.reject(new Error('broken'));
  for (const answer of answers) await expect(answer).rejects.toThrow('broken');
});

test('who has gone already starts nothing', async () => {
  const { state, start } = controlled();
  await expect(new SingleFlight<string>().run('a', AbortSignal.abort(), start)).rejects.toMatchObject({
    code: 'canceled',
  });
  expect(state.runs).toBe(0);
});
