import type { SearchParams } from '#app/prefetched.tsx';

/** The named parameters of a page's URL that a view takes; one that is given twice counts as missing. */
export function paramsOf(search: SearchParams, ...names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = search[name];
      return typeof value === 'string' ? [[name, value]] : [];
    }),
  );
}
