import { Fault } from '#lib/model/fault.ts';
import type { ViewParams } from '#lib/show/view-key.ts';
import { findView } from './registry.ts';
import type { ViewContext } from './view.ts';

/** Answers one view by name. Throws a 404 Fault for an unknown view, 400 for parameters that do not fit. */
export async function runView(context: ViewContext, name: string, params: ViewParams): Promise<unknown> {
  const view = findView(name);
  if (!view) throw new Fault(404, 'unknown-view', `there is no view '${name}'`);
  const given = Object.entries(params).filter(([, value]) => value !== undefined);
  return view.answer(context, Object.fromEntries(given));
}
