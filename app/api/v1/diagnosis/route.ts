import { route } from '#app/handle-route.ts';
import { diagnose } from '#lib/diagnose/diagnose.ts';
import { json } from '#lib/http/fault-response.ts';
import { parseTimeRange } from '#lib/model/time-range.ts';

export const GET = route({ name: 'diagnosis' }, async ({ url, runtime }) => {
  const now = Date.now();
  const ask = url.searchParams;
  const window = parseTimeRange(ask.get('from'), ask.get('to'), now);
  const hasBaseline = ask.has('baselineFrom') || ask.has('baselineTo');
  const before = new Date(window.from).toISOString();
  const baseline = hasBaseline
    ? parseTimeRange(ask.get('baselineFrom'), ask.get('baselineTo') || before, now)
    : undefined;
  const diagnosis = await diagnose(
    runtime.store,
    {
      ...window,
      service: ask.get('service') ?? undefined,
      baselineFrom: baseline?.from,
      baselineTo: baseline?.to,
    },
    now,
  );
  return json(diagnosis);
});
