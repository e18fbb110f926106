import { createRoute } from '#lib/http/route.ts';
import { runtime } from './runtime.ts';

/** Wraps a route handler: cross-site check, typed error → status, own metrics, tracing. */
export const route = createRoute(runtime);
