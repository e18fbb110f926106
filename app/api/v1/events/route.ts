import { route } from '#app/handle-route.ts';
import { readJson } from '#lib/http/body.ts';
import { json } from '#lib/http/fault-response.ts';
import { decodeEvents } from '#lib/ingest/events/decode.ts';
import { parseTimeRange } from '#lib/model/time-range.ts';

export const POST = route({ name: 'events', signal: 'events' }, async ({ request, runtime }) => {
  const { events, problems } = decodeEvents(await readJson(request), Date.now());
  const result = await runtime.store.appendEvents(events);
  runtime.self.ingested(
    'events',
    result.accepted,
    problems.map(() => ({ reason: 'invalid', count: 1 })),
  );
  return json({ ids: events.map((event) => event.id), ...(problems.length ? { problems } : {}) }, 201);
});

export const GET = route({ name: 'events' }, async ({ url, runtime }) => {
  const range = parseTimeRange(url.searchParams.get('from'), url.searchParams.get('to'), Date.now());
  const service = url.searchParams.get('service');
  return json(await runtime.store.events.list(range, service ? { service } : {}));
});
