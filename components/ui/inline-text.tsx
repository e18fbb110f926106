import { Code } from './code-block.tsx';

/** A sentence in which `code` stands between backticks, as findings write it. Nothing else is interpreted. */
export function InlineText({ text }: { readonly text: string }) {
  const parts = text.split('`');
  // An odd backtick opens nothing: with an even number of parts the last one stays as it is.
  const closed = parts.length % 2 === 1 ? parts.length : parts.length - 2;
  return parts.map((part, i) => {
    if (i % 2 === 1 && i < closed) {
      // biome-ignore lint/suspicious/noArrayIndexKey: parts of one fixed text never move
      return <Code key={i}>{part}</Code>;
    }
    return i >= closed && i > 0 && i % 2 === 1 ? `\`${part}` : part;
  });
}
