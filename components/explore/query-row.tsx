'use client';

import { CircleAlert, Eye, EyeOff, Trash2, WandSparkles } from 'lucide-react';
import { useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import type { ExploreModel } from '#lib/show/explore.ts';
import { formatDuration, formatValue } from '#lib/show/format.ts';
import { formatQuery } from './prometheus-api.ts';
import { PromqlEditor } from './promql-editor.tsx';
import type { Answer } from './use-answers.ts';
import type { Draft } from './use-drafts.ts';

/** One query: its editor, what is wrong with it, and what can be done to it. */
export function QueryRow({
  letter,
  draft,
  answer,
  autoFocus,
  onEdit,
  onRun,
  onToggle,
  onRemove,
}: {
  readonly letter: string;
  readonly draft: Draft;
  readonly answer: Answer | undefined;
  readonly autoFocus: boolean;
  readonly onEdit: (text: string) => void;
  readonly onRun: () => void;
  readonly onToggle: () => void;
  /** Undefined for the only query: there is always one. */
  readonly onRemove: (() => void) | undefined;
}) {
  const [note, setNote] = useState<{ readonly of: string; readonly message: string }>();
  const model = answer?.model;
  const isCurrent = model !== undefined && draft.text.trim() === draft.ran;
  const problem = isCurrent && model.problem ? { ...model.problem, query: model.query } : undefined;
  const said = problem?.message ?? answer?.error ?? (note?.of === draft.text ? note.message : undefined);
  const format = () => {
    formatQuery(draft.text).then(onEdit, (error: Error) =>
      setNote({ of: draft.text, message: error.message }),
    );
  };
  return (
    <li className="grid min-w-0 grid-cols-[auto_minmax(0,1fr)_auto] items-start gap-x-2 px-3 py-2 sm:px-4">
      <span
        aria-hidden
        className={`mt-1.5 grid size-6 place-items-center rounded bg-raised text-xs font-semibold ${draft.hidden ? 'line-through opacity-60' : ''}`}
      >
        {letter}
      </span>
      <div className="min-w-0 max-sm:col-span-2">
        <PromqlEditor
          label={`Query ${letter}`}
          value={draft.text}
          problem={problem}
          autoFocus={autoFocus}
          onChange={onEdit}
          onRun={onRun}
        />
      </div>
      <div className="flex max-sm:col-start-3 max-sm:row-start-2">
        <Button
          variant="ghost"
          size="icon"
          aria-label={`Format query ${letter}`}
          title="Format"
          disabled={draft.text.trim() === ''}
          onClick={format}
        >
          <WandSparkles aria-hidden />
        </Button>
        <Button
          variant="ghost"
          size="icon"
          aria-label={`${draft.hidden ? 'Show' : 'Hide'} query ${letter}`}
          title={draft.hidden ? 'Show' : 'Hide'}
          onClick={onToggle}
        >
          {draft.hidden ? <EyeOff aria-hidden /> : <Eye aria-hidden />}
        </Button>
        {onRemove && (
          <Button
            variant="ghost"
            size="icon"
            aria-label={`Remove query ${letter}`}
            title="Remove"
            onClick={onRemove}
          >
            <Trash2 aria-hidden />
          </Button>
        )}
      </div>
      <div className="col-start-2 min-w-0 text-xs max-sm:row-start-2">
        {said !== undefined && (
          <p role="alert" className="mt-1 flex gap-1.5 text-critical">
            <CircleAlert aria-hidden className="mt-px size-3.5 shrink-0" />
            <span className="min-w-0 break-words">{said}</span>
          </p>
        )}
        {model?.warnings.map((text) => (
          <p key={text} className="mt-1 break-words text-warning">
            {text}
          </p>
        ))}
        {model?.infos.map((text) => (
          <p key={text} className="mt-1 break-words text-muted">
            {text}
          </p>
        ))}
        {isCurrent && model.result && !draft.hidden && (
          <p className="mt-1 text-muted">{answerText(model.result, model.ms)}</p>
        )}
      </div>
    </li>
  );
}

function answerText(result: NonNullable<ExploreModel['result']>, ms: number): string {
  const count = result.kind === 'graph' ? result.panel.seriesTotal : result.rowsTotal;
  const things = result.kind === 'graph' ? 'series' : count === 1 ? 'row' : 'rows';
  return `${formatValue(count, 'count')} ${things} in ${formatDuration(ms)}`;
}
