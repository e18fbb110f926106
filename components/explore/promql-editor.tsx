'use client';

import dynamic from 'next/dynamic';
import { useState } from 'react';
import type { EditorProps } from './editor-props.ts';

// Half of this page's script; no other page pays for it.
const PromqlCode = dynamic(() => import('./promql-code.tsx'), { ssr: false });

/** A line of text at once, the whole editor as soon as it has come. */
export function PromqlEditor(props: EditorProps) {
  const { label, value, problem, onChange, onRun } = props;
  const [ready, setReady] = useState(false);
  return (
    <div
      className={`min-w-0 rounded-md border bg-surface focus-within:border-accent ${problem ? 'border-critical' : 'border-line-strong'}`}
    >
      {!ready && (
        <textarea
          aria-label={label}
          rows={Math.min(12, value.split('\n').length)}
          spellCheck={false}
          autoCapitalize="off"
          autoCorrect="off"
          value={value}
          placeholder="A PromQL query, e.g. rate(http_requests_total[5m])"
          onChange={(event) => onChange(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.shiftKey) return;
            event.preventDefault();
            onRun();
          }}
          className="block min-h-9 w-full resize-none bg-transparent px-2.5 py-2 font-mono text-[0.8125rem] leading-5 placeholder:text-muted focus-visible:outline-none"
        />
      )}
      <PromqlCode {...props} onReady={() => setReady(true)} />
    </div>
  );
}
