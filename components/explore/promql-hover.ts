import { syntaxTree } from '@codemirror/language';
import { type EditorView, hoverTooltip, type Tooltip } from '@codemirror/view';
import type { PrometheusClient } from '@prometheus-io/codemirror-promql';
import { functionIdentifierTerms } from '@prometheus-io/codemirror-promql/dist/esm/complete/promql.terms';

interface Note {
  readonly head: string;
  readonly text: string;
}

const FUNCTIONS = new Map(
  functionIdentifierTerms.map(({ label, info }): [string, Note] => [
    label,
    { head: `${label}()`, text: typeof info === 'string' ? info : '' },
  ]),
);

/** What the name under the pointer is: a metric's type and help, a function's purpose. */
export function promqlHover(client: PrometheusClient | undefined) {
  return hoverTooltip(async (view, pos, side): Promise<Tooltip | null> => {
    const node = syntaxTree(view.state).resolveInner(pos, side);
    const text = view.state.sliceDoc(node.from, node.to);
    if (node.to - node.from > 200) return null;
    const note =
      node.name === 'Identifier' ? await metricNote(client, text) : FUNCTIONS.get(text.toLowerCase());
    if (!note) return null;
    return { pos: node.from, end: node.to, above: true, create: () => ({ dom: noteBox(note, view) }) };
  });
}

async function metricNote(client: PrometheusClient | undefined, metric: string): Promise<Note | undefined> {
  const known = await client?.metricMetadata().catch(() => undefined);
  if (!known) return undefined;
  const family = metric.replace(/_(?:bucket|count|sum|total)$/, '');
  const name = [metric, family].find((each) => Object.hasOwn(known, each));
  const facts = name === undefined ? undefined : known[name]?.[0];
  return facts && { head: `${metric} · ${facts.type}`, text: facts.help };
}

function noteBox({ head, text }: Note, view: EditorView): HTMLElement {
  const box = view.dom.ownerDocument.createElement('div');
  box.className = 'cm-diagnostic';
  const title = box.appendChild(view.dom.ownerDocument.createElement('strong'));
  title.textContent = head;
  // Telemetry names itself: it is shown as text and never as markup.
  box.appendChild(view.dom.ownerDocument.createElement('div')).textContent = text;
  return box;
}
