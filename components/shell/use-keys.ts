'use client';

import { useEffect, useRef } from 'react';

/** Key (`?`) or two keys in a row (`t ArrowLeft`) → what it does. */
export type KeyMap = Readonly<Record<string, () => void>>;

const SEQUENCE_MS = 1200;

/** Page-wide keys. They rest while a person types, holds a modifier, or has a dialog open. */
export function useKeys(keys: KeyMap): void {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    let before = '';
    let at = 0;
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target))
        return;
      if (document.querySelector('dialog[open]')) return;
      const pair = event.timeStamp - at < SEQUENCE_MS ? `${before} ${event.key}` : '';
      const run = latest.current[pair] ?? latest.current[event.key];
      before = event.key;
      at = event.timeStamp;
      if (!run) return;
      before = '';
      event.preventDefault();
      run();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName))
  );
}
