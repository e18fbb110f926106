import { sqlTokens } from '#lib/show/sql-tokens.ts';
import { classNames } from './class-names.ts';
import { CopyButton } from './copy-button.tsx';

/** Inline code. */
export function Code({ children }: { readonly children: string }) {
  return (
    <code className="rounded bg-raised px-1 py-0.5 font-mono text-[0.8125rem] break-words">{children}</code>
  );
}

const TOKEN = { keyword: 'font-semibold text-accent', placeholder: 'text-warning', text: undefined };

/** Text to read or copy. `language="sql"` colours keywords; `wrap` breaks long lines instead of scrolling. */
export function CodeBlock({
  text,
  language,
  label,
  wrap = false,
  className,
}: {
  readonly text: string;
  readonly language?: 'sql';
  /** What it is, for screen readers: "Statement", "Configuration". */
  readonly label: string;
  readonly wrap?: boolean;
  readonly className?: string;
}) {
  let at = 0;
  return (
    <figure
      aria-label={label}
      className={classNames('relative min-w-0 rounded-md border bg-raised', className)}
    >
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        tabIndex={0}
        className={classNames(
          'overflow-x-auto p-3 pr-20 font-mono text-[0.8125rem] leading-5',
          wrap && 'break-words whitespace-pre-wrap',
        )}
      >
        {language === 'sql'
          ? sqlTokens(text).map((token) => {
              at += token.text.length;
              return (
                <span key={at} className={TOKEN[token.kind]}>
                  {token.text}
                </span>
              );
            })
          : text}
      </pre>
      <div className="absolute top-1.5 right-1.5 rounded bg-raised">
        <CopyButton text={text} />
      </div>
    </figure>
  );
}

export function SqlBlock({ text, label = 'Statement' }: { readonly text: string; readonly label?: string }) {
  return <CodeBlock text={text} language="sql" label={label} wrap />;
}
