import { z } from 'zod';
import type { Runtime } from '#app/runtime.ts';
import { Fault } from '#lib/model/fault.ts';

const ShopFault = z.object({
  name: z.string(),
  title: z.string(),
  what: z.string(),
  service: z.string(),
  detector: z.string().nullable(),
  on: z.boolean(),
  since: z.number().nullable(),
});
const Shop = z.object({
  storefront: z.string().optional(),
  message: z.string().optional(),
  faults: z.array(ShopFault),
});
const Refusal = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

export type Shop = z.infer<typeof Shop>;

/** A fault of the demo shop, and the open finding that its detector has raised since it was switched on. */
export type DemoFaultRow = z.infer<typeof ShopFault> & {
  readonly finding: { readonly id: string; readonly title: string } | null;
};

export interface DemoShop {
  readonly faults: readonly DemoFaultRow[];
  /** What the last switch did, in a line. */
  readonly message?: string | undefined;
}

const DEADLINE_MS = 60_000;

/** Asks the demo shop's control port for its faults, or to switch one. */
export async function askDemo(
  runtime: Pick<Runtime, 'demoUrl'>,
  change?: { name: string; on: boolean },
): Promise<Shop> {
  if (!runtime.demoUrl)
    throw new Fault(
      404,
      'no-demo',
      'the demo shop does not run here; stop Chokepoint and start it with: npm run demo',
    );
  let response: Response;
  try {
    response = await fetch(`${runtime.demoUrl}/faults`, {
      signal: AbortSignal.timeout(DEADLINE_MS),
      ...(change
        ? { method: 'POST', body: JSON.stringify(change), headers: { 'content-type': 'application/json' } }
        : {}),
    });
  } catch (cause) {
    throw new Fault(
      503,
      'demo-not-answering',
      'the demo shop does not answer; it may still be starting: look at the terminal of npm run demo',
      { cause },
    );
  }
  const body: unknown = await response.json().catch(() => undefined);
  const refused = Refusal.safeParse(body);
  if (refused.success) throw new Fault(response.status, refused.data.error.code, refused.data.error.message);
  return Shop.parse(body);
}

export async function withFindings(runtime: Pick<Runtime, 'store'>, shop: Shop): Promise<DemoShop> {
  const open = await runtime.store.findings.list({ state: 'open' });
  const faults = shop.faults.map((fault) => {
    const finding = open.find(
      (f) => f.detector === fault.detector && fault.since !== null && f.lastSeen >= fault.since,
    );
    return { ...fault, finding: finding ? { id: finding.id, title: finding.title } : null };
  });
  return { faults, message: shop.message };
}
