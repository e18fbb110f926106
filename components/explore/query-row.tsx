'use client';

import { CircleAlert, Eye, EyeOff, Trash2, WandSparkles } from 'lucide-react';
import { useState } from 'react';
import { Button } from '#components/ui/button.tsx';
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
    <li className="min-w-0 px-3 py-2 sm:px-4">
      <div className="flex items-start gap-2">
        <span
          aria-hidden
          className={`mt-1.5 grid size-6 shrink-0 place-items-center rounded bg-raised text-xs font-semibold ${draft.hidden ? 'line-through opacity-60' : ''}`}
        >
          {letter}
        </span>
        <PromqlEditor
          label={`Query ${letter}`}
          value={draft.text}
          problem={problem}
          autoFocus={autoFocus}
          onChange={onEdit}
          onRun={onRun}
        />
        <div className="flex shrink-0 max-sm:flex-col">
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
            aria-pressed={draft.hidden}
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
      </div>
      <div className="pl-8 text-xs">
        {said !== undefined && (
          <p role="alert" className="mt-1 flex gap-1.5 text-critical">
            <CircleAlert aria-hidden className="mt-px size-3.5 shrink-0" />
            <span className="min-w-0 break-words">{said}</span>
          </p>
        )}
        {[...(model?.warnings ?? []), ...(model?.infos ?? [])].map((text) => (
          <p key={text} className="mt-1 break-words text-warning">
            {text}
          </p>
        ))}
        {isCurrent && model.stats && !draft.hidden && (
          <p className="mt-1 text-muted">
            {formatValue(model.stats.samples, 'count')} samples read in {formatDuration(model.stats.ms)}
          </p>
        )}
      </div>
    </li>
  );
}
