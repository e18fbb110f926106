import { z } from 'zod';
import { Fault } from '#lib/model/fault.ts';
import { MOST_QUERIES, queryLetter } from '#lib/show/explore.ts';
import { groupByUnit, mergePanels } from '#lib/show/explore-panel.ts';
import type { PanelModel } from '#lib/show/panel.ts';
import { graph } from './explore.ts';
import { rangeOf, type ViewContext } from './view.ts';

const Queries = z.array(z.string().min(1).max(5000)).min(1).max(MOST_QUERIES);

/** Queries as one panel, for embeds and images; they share its axis, so they must be of one unit. Throws their faults. */
export async function queriesPanel(
  context: ViewContext,
  params: { readonly from: string; readonly to: string; readonly queries?: string | undefined },
): Promise<PanelModel> {
  const queries = Queries.safeParse(parseList(params.queries ?? ''));
  if (!queries.success)
    throw new Fault(
      400,
      'bad-parameters',
      "panel 'explore.graph' needs params.queries: PromQL, or a JSON list of it",
    );
  const range = rangeOf(params, context.now);
  const panels: { letter: string; panel: PanelModel }[] = [];
  for (const [i, query] of queries.data.entries()) {
    const { result } = await graph(context, query, range);
    if (result?.kind === 'graph') panels.push({ letter: queryLetter(i), panel: result.panel });
  }
  const groups = groupByUnit(panels);
  if (groups.length > 1)
    throw new Fault(
      400,
      'several-units',
      `one panel has one axis, but these queries are in ${groups.map(([first]) => first?.panel.unit).join(' and ')}; embed them one by one`,
    );
  const merged = mergePanels(groups[0] ?? panels.slice(0, 1));
  if (!merged) throw new Fault(400, 'bad-parameters', "'queries' is empty");
  return merged;
}

function parseList(text: string): unknown {
  if (!text.startsWith('[')) return [text];
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
