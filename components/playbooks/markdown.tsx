import type { ComponentProps } from 'react';
import ReactMarkdown, { type Components } from 'react-markdown';
import rehypeSanitize from 'rehype-sanitize';
import remarkGfm from 'remark-gfm';
import { TimeLink } from '#components/time/time-link.tsx';
import { classNames } from '#components/ui/class-names.ts';
import { CodeBlock } from '#components/ui/code-block.tsx';

const PLUGINS = { remark: [remarkGfm], rehype: [rehypeSanitize] };

type Given<Tag extends 'a' | 'pre'> = ComponentProps<Tag> & { node?: MarkdownNode };
interface MarkdownNode {
  readonly tagName?: string;
  readonly value?: string;
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly children?: readonly MarkdownNode[];
}

function MarkdownLink({ href = '', children }: Given<'a'>) {
  const look = 'text-accent underline decoration-accent/40 hover:decoration-accent';
  return href.startsWith('/') && !href.startsWith('//') ? (
    <TimeLink href={href} className={look}>
      {children}
    </TimeLink>
  ) : (
    <a href={href} rel="noreferrer" className={look}>
      {children}
    </a>
  );
}

/** A code block with a copy button; what is in it is taken as text from the tree, never as HTML. */
function MarkdownCode({ node }: Given<'pre'>) {
  const code = node?.children?.find((child) => child.tagName === 'code');
  const text = textOf(code).replace(/\n$/, '');
  const classes = code?.properties?.className;
  const isSql = Array.isArray(classes) && classes.includes('language-sql');
  return <CodeBlock text={text} label="Code" className="my-2" {...(isSql ? { language: 'sql' } : {})} />;
}

function textOf(node: MarkdownNode | undefined): string {
  return (node?.value ?? '') + (node?.children ?? []).map(textOf).join('');
}

const COMPONENTS: Components = {
  a: MarkdownLink,
  pre: MarkdownCode,
  code: ({ children }) => (
    <code className="rounded bg-raised px-1 py-0.5 font-mono text-[0.8125rem] break-words">{children}</code>
  ),
  p: ({ children }) => <p className="my-2 max-w-prose first:mt-0 last:mb-0">{children}</p>,
  ul: ({ children }) => (
    <ul className="my-2 max-w-prose list-disc space-y-1.5 pl-5 first:mt-0 last:mb-0">{children}</ul>
  ),
  ol: ({ children }) => (
    <ol className="my-2 max-w-prose list-decimal space-y-1.5 pl-5 first:mt-0 last:mb-0">{children}</ol>
  ),
  table: ({ children }) => (
    <div className="my-2 overflow-x-auto">
      <table className="border-collapse [&_td]:border [&_td]:px-2 [&_td]:py-1 [&_th]:border [&_th]:px-2 [&_th]:py-1 [&_th]:text-left">
        {children}
      </table>
    </div>
  ),
};

/** Markdown without raw HTML, sanitised; links inside the app keep the time range. */
export function Markdown({ text, className }: { readonly text: string; readonly className?: string }) {
  return (
    <div className={classNames('min-w-0 leading-6 break-words', className)}>
      <ReactMarkdown
        remarkPlugins={PLUGINS.remark}
        rehypePlugins={PLUGINS.rehype}
        components={COMPONENTS}
        skipHtml
      >
        {text}
      </ReactMarkdown>
    </div>
  );
}
