import { z } from 'zod';
import { route } from '#app/handle-route.ts';
import { json } from '#lib/http/fault-response.ts';
import { parseInput } from '#lib/http/parse-input.ts';
import { Fault } from '#lib/model/fault.ts';
import { askDemo, withFindings } from '../shop.ts';

const Switch = z.strictObject({ name: z.string().min(1).max(100), on: z.boolean() });

export const GET = route({ name: 'demo_faults' }, async ({ runtime }) => {
  const shop = await askDemo(runtime);
  return json(await withFindings(runtime, shop));
});

export const POST = route({ name: 'demo_switch' }, async ({ request, runtime }) => {
  const body: unknown = await request.json().catch(() => {
    throw new Fault(
      400,
      'malformed-json',
      'the body is not JSON; send {"name": "missing-index", "on": true}',
    );
  });
  const shop = await askDemo(runtime, parseInput(Switch, body));
  return json(await withFindings(runtime, shop));
});
