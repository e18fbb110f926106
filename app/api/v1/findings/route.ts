import { route } from '#app/handle-route.ts';
import { parseFindingFilter } from '#lib/diagnose/finding-filter.ts';
import { json } from '#lib/http/fault-response.ts';

export const GET = route({ name: 'findings' }, async ({ url, runtime }) =>
  json(await runtime.store.findings.list(parseFindingFilter(url.searchParams, Date.now()))),
);
