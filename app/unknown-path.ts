import { route } from '#app/handle-route.ts';
import { Fault } from '#lib/model/fault.ts';

/** Programs ask here: they get an error they can read, not a page. */
export const unknownPath = route({ name: 'unknown' }, async ({ url }) => {
  throw new Fault(
    404,
    'unknown-path',
    `there is nothing at ${url.pathname.slice(0, 200)}; the README lists the paths that are answered`,
  );
});
