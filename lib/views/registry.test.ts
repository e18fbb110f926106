import { expect, test } from 'vitest';
import { z } from 'zod';
import type { Store } from '#lib/store/store.ts';
import { VIEWS } from './registry.ts';
import { bindView, isLive, RangeParams, rangeOf } from './view.ts';

test('every view has a name of its own that fits in a URL', () => {
  const names = VIEWS.map((view) => view.name);
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(name).toMatch(/^[a-z][a-z-]*$/);
});

test('parameters that do not fit are refused with the view and the parameter named', async () => {
  const view = bindView({
    name: 'echo',
    params: RangeParams.extend({ service: z.string().min(1) }),
    run: async (_, params) => params,
  });
  // The view never touches the store: it is refused, or echoes.
  const context = { store: {} as Store, now: 0 };
  await expect(view.answer(context, { service: '' })).rejects.toMatchObject({
    status: 400,
    code: 'bad-parameters',
    message: expect.stringContaining("view 'echo': service"),
  });
  await expect(view.answer(context, { service: 'a' })).resolves.toEqual({
    service: 'a',
    from: 'now-1h',
    to: 'now',
  });
});

test('a range is the present while it ends within the last minutes', () => {
  const now = Date.UTC(2026, 10, 20, 12);
  expect(isLive(rangeOf({ from: 'now-1h', to: 'now' }, now), now)).toBe(true);
  expect(isLive(rangeOf({ from: 'now-3h', to: 'now-1h' }, now), now)).toBe(false);
});
