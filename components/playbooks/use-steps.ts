'use client';

import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { fetchJson } from '#components/data/fetch-view.ts';
import { useFrozen } from '#components/data/frozen.tsx';
import type { PlaybookModel, PlaybookStepModel } from '#lib/show/playbook-sections.ts';

export interface StepsState {
  readonly isDone: (step: PlaybookStepModel) => boolean;
  /** Absent where nothing can be checked off: without a finding, or in a snapshot. */
  readonly set: ((step: PlaybookStepModel, done: boolean) => void) | undefined;
  /** Why the last click was not kept. */
  readonly error: string | undefined;
}

/** Which steps of a finding's playbook are done: what the server says, and at once what was just clicked. */
export function useSteps(playbook: PlaybookModel | undefined, reload: () => void): StepsState {
  const frozen = useFrozen() !== undefined;
  const [clicked, setClicked] = useState<ReadonlyMap<string, boolean>>(new Map());
  const finding = playbook?.finding?.id;
  const save = useMutation({
    mutationFn: ({ step, done }: { step: string; done: boolean }) =>
      fetchJson(`/api/v1/findings/${encodeURIComponent(finding ?? '')}/steps`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ step, done }),
      }),
    onSuccess: reload,
    onError: (_, { step }) =>
      setClicked((before) => new Map([...before].filter(([clickedStep]) => clickedStep !== step))),
  });
  return {
    isDone: (step) => clicked.get(step.id) ?? step.done,
    set:
      frozen || finding === undefined
        ? undefined
        : (step, done) => {
            setClicked((before) => new Map(before).set(step.id, done));
            save.mutate({ step: step.id, done });
          },
    error: save.error?.message,
  };
}

export function allSteps(playbook: PlaybookModel): PlaybookStepModel[] {
  return playbook.sections.flatMap((section) =>
    section.blocks.flatMap((block) => (block.kind === 'steps' ? block.steps : [])),
  );
}
