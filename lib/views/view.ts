import { z } from 'zod';
import type { ConfigStatus } from '#lib/model/config-status.ts';
import { Fault } from '#lib/model/fault.ts';
import type { ScrapeTargets } from '#lib/model/scrape-target.ts';
import { parseTimeRange, type TimeRange } from '#lib/model/time-range.ts';
import type { QueryRunner } from '#lib/query/runner/runner.ts';
import type { Store } from '#lib/store/store.ts';

export interface ViewContext {
  readonly store: Store;
  /** PromQL within the server's limits and with its kept answers; without it a query is evaluated as it is. */
  readonly queries?: QueryRunner;
  /** ms since the epoch; the one "now" of a request. */
  readonly now: number;
  /** What is scraped, and how the file stands that says so; absent while nothing is configured. */
  readonly scraping?: { readonly targets: ScrapeTargets; readonly config: ConfigStatus };
  /** Aborts when nobody waits for the answer any more. */
  readonly signal?: AbortSignal;
}

/**
 * One question that a page or panel asks, answered as a view model (plain JSON). The same view serves the live
 * page, the frozen snapshot and the embed, so the three cannot drift apart. Parameters arrive as strings of the URL.
 */
export interface View<P, M> {
  /** kebab-case; also its place in `/api/ui/<name>` */
  readonly name: string;
  readonly params: z.ZodType<P>;
  run(context: ViewContext, params: P): Promise<M>;
}

/** Parameters that every view takes; extend it with a view's own. */
export const RangeParams = z.object({
  from: z.string().max(64).default('now-1h'),
  to: z.string().max(64).default('now'),
});

export function rangeOf(params: z.infer<typeof RangeParams>, now: number): TimeRange {
  return parseTimeRange(params.from, params.to, now);
}

/** A range that reaches (almost) to now asks for the present state; one that ended earlier for what was then. */
export function isLive(range: TimeRange, now: number): boolean {
  return now - range.to < 5 * 60_000;
}

/** A view with its types closed over, so that views of all kinds stand in one list. */
export interface BoundView {
  readonly name: string;
  /** Checks the raw parameters (400 when they do not fit) and answers. */
  answer(context: ViewContext, raw: Readonly<Record<string, unknown>>): Promise<unknown>;
}

export function bindView<P, M>(view: View<P, M>): BoundView {
  return {
    name: view.name,
    async answer(context, raw) {
      const parsed = view.params.safeParse(raw);
      if (!parsed.success) {
        const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
        throw new Fault(400, 'bad-parameters', `view '${view.name}': ${problems.join('; ')}`);
      }
      return view.run(context, parsed.data);
    },
  };
}
