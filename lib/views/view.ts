import type { z } from 'zod';
import type { Store } from '#lib/store/store.ts';

export interface ViewContext {
  readonly store: Store;
  /** ms since the epoch; the one "now" of a request. */
  readonly now: number;
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
