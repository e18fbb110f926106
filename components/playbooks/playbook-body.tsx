'use client';

import { useId } from 'react';
import { Card } from '#components/ui/card.tsx';
import { classNames } from '#components/ui/class-names.ts';
import type { PlaybookModel, PlaybookStepModel } from '#lib/show/playbook-sections.ts';
import { Markdown } from './markdown.tsx';
import type { StepsState } from './use-steps.ts';

/** The sections of a playbook, each step with its checkbox. */
export function PlaybookBody({
  playbook,
  steps,
  leaveOut = [],
}: {
  readonly playbook: PlaybookModel;
  readonly steps: StepsState;
  /** Headings that the page tells in its own way. */
  readonly leaveOut?: readonly string[];
}) {
  return (
    <div className="space-y-3">
      {steps.error !== undefined && (
        <p role="alert" className="rounded-md bg-critical-soft px-3 py-2 text-critical">
          The step was not kept: {steps.error}
        </p>
      )}
      {playbook.sections
        .filter((section) => !leaveOut.includes(section.heading))
        .map((section) => (
          <Card key={section.heading} title={section.heading}>
            <div className="space-y-3">
              {section.blocks.map((block) =>
                block.kind === 'text' ? (
                  <Markdown key={block.markdown} text={block.markdown} />
                ) : (
                  <ul key={block.steps[0]?.id} className="space-y-3">
                    {block.steps.map((step) => (
                      <Step key={step.id} step={step} steps={steps} />
                    ))}
                  </ul>
                ),
              )}
            </div>
          </Card>
        ))}
    </div>
  );
}

/** The text is no label of the box: it has links and code to copy, which a click on a label would swallow. */
function Step({ step, steps }: { readonly step: PlaybookStepModel; readonly steps: StepsState }) {
  const id = useId();
  const done = steps.isDone(step);
  const { set } = steps;
  return (
    <li className="flex gap-2.5">
      <input
        type="checkbox"
        aria-labelledby={id}
        checked={done}
        disabled={!set}
        onChange={(event) => set?.(step, event.target.checked)}
        className="mt-0.5 size-5 shrink-0 cursor-pointer accent-accent-fill disabled:cursor-default"
      />
      <div id={id} className={classNames('min-w-0 flex-1', done && 'text-muted')}>
        {done && <span className="sr-only">Done: </span>}
        <Markdown text={step.text} />
      </div>
    </li>
  );
}
