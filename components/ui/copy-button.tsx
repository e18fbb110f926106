'use client';

import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button, type ButtonSize } from './button.tsx';

/** Copies `text`; where the browser forbids it (plain HTTP), falls back to a selection. */
export function CopyButton({
  text,
  label = 'Copy',
  iconOnly = false,
  size = 'sm',
}: {
  readonly text: string;
  readonly label?: string;
  readonly iconOnly?: boolean;
  readonly size?: ButtonSize;
}) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = () => {
    copyText(text).then(setCopied, () => setCopied(false));
  };
  return (
    <Button variant="ghost" size={size} onClick={copy} aria-label={iconOnly ? label : undefined}>
      {copied ? <Check aria-hidden className="text-ok" /> : <Copy aria-hidden />}
      {!iconOnly && (copied ? 'Copied' : label)}
      <span role="status" className="sr-only">
        {copied ? 'Copied to the clipboard' : ''}
      </span>
    </Button>
  );
}

export async function copyText(text: string): Promise<boolean> {
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(text);
    return true;
  }
  // `navigator.clipboard` exists only on HTTPS and localhost; teams often reach the app over plain HTTP.
  const area = document.createElement('textarea');
  area.value = text;
  area.style.position = 'fixed';
  area.style.opacity = '0';
  (document.querySelector('dialog[open]') ?? document.body).append(area);
  area.select();
  const done = document.execCommand('copy');
  area.remove();
  return done;
}
