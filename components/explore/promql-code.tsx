'use client';

import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, insertNewlineAndIndent } from '@codemirror/commands';
import { bracketMatching } from '@codemirror/language';
import { type Diagnostic, linter } from '@codemirror/lint';
import { EditorState, Prec, StateEffect } from '@codemirror/state';
import { EditorView, keymap, placeholder } from '@codemirror/view';
import { newCompleteStrategy, PromQLExtension } from '@prometheus-io/codemirror-promql';
import {
  CachedPrometheusClient,
  HTTPPrometheusClient,
} from '@prometheus-io/codemirror-promql/dist/esm/client/prometheus';
import { useEffect, useRef } from 'react';
import type { EditorProps } from './editor-props.ts';
import { promqlHover } from './promql-hover.ts';
import { promqlTheme } from './promql-theme.ts';

/** Names are looked for in the last two days: longer ago than most questions, short enough to answer at once. */
const LOOKBACK_MS = 48 * 3_600_000;

/** All editors of the page share what they have learned of the metrics. */
const client = new CachedPrometheusClient(
  new HTTPPrometheusClient({ lookbackInterval: LOOKBACK_MS, httpMethod: 'POST' }),
);

/** The server has answered: what it says is wrong may be another thing now. */
const answered = StateEffect.define<null>();

/** CodeMirror with Prometheus' own grammar: completion, linting, hover. Loaded by `promql-editor.tsx` on demand. */
export default function PromqlCode({
  label,
  value,
  problem,
  autoFocus,
  onChange,
  onRun,
  onReady,
}: EditorProps & { readonly onReady: () => void }) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const latest = useRef({ onChange, onRun, problem });
  useEffect(() => {
    latest.current = { onChange, onRun, problem };
  });

  // biome-ignore lint/correctness/useExhaustiveDependencies: the editor is made once; later values reach it below
  useEffect(() => {
    if (!host.current) return;
    const promql = new PromQLExtension()
      .activateLinter(false)
      .setComplete({ completeStrategy: newCompleteStrategy({ remote: client }) });
    const local = promql.getLinter().promQL.call(promql.getLinter());
    const made = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: value,
        extensions: [
          history(),
          bracketMatching(),
          closeBrackets(),
          autocompletion({ icons: false }),
          promql.asExtension(),
          linter((of) => problems(of, local, latest.current.problem), {
            delay: 400,
            needsRefresh: (update) =>
              update.transactions.some(({ effects }) => effects.some((effect) => effect.is(answered))),
          }),
          promqlHover(client),
          promqlTheme,
          placeholder('A PromQL query, e.g. rate(http_requests_total[5m])'),
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ 'aria-label': label, spellcheck: 'false' }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) latest.current.onChange(update.state.doc.toString());
          }),
          Prec.highest(keymap.of([{ key: 'Mod-Enter', run: () => run(latest.current.onRun) }])),
          keymap.of([
            ...completionKeymap,
            { key: 'Enter', run: () => run(latest.current.onRun), shift: insertNewlineAndIndent },
            ...closeBracketsKeymap,
            ...defaultKeymap,
            ...historyKeymap,
          ]),
        ],
      }),
    });
    view.current = made;
    onReady();
    if (autoFocus) made.focus();
    return () => made.destroy();
  }, []);

  useEffect(() => {
    const made = view.current;
    if (!made || made.state.doc.toString() === value) return;
    made.dispatch({ changes: { from: 0, to: made.state.doc.length, insert: value } });
  }, [value]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: what the server said anew is underlined
  useEffect(() => {
    view.current?.dispatch({ effects: answered.of(null) });
  }, [problem?.query, problem?.message]);

  return <div ref={host} className="min-w-0" />;
}

function run(onRun: () => void): true {
  onRun();
  return true;
}

async function problems(
  view: EditorView,
  local: ReturnType<ReturnType<PromQLExtension['getLinter']>['promQL']>,
  problem: EditorProps['problem'],
): Promise<readonly Diagnostic[]> {
  // Nothing written yet is not an error.
  if (view.state.doc.toString().trim() === '') return [];
  const server = told(view, problem);
  return server.length > 0 ? server : await local(view);
}

/** What the server said is wrong, as long as the text is still the one that it saw. */
function told(view: EditorView, problem: EditorProps['problem']): Diagnostic[] {
  const text = view.state.doc.toString();
  if (!problem || problem.query !== text.trim() || problem.at === undefined) return [];
  const from = Math.min(problem.at + (text.length - text.trimStart().length), text.length);
  const word = /^[\w:]+|^./.exec(text.slice(from))?.[0].length ?? 0;
  return [{ from, to: from + word, severity: 'error', message: problem.message }];
}
