'use client';

import { useView } from '#components/data/use-view.ts';
import { useTimeText } from '#components/time/use-time-text.ts';
import { Card } from '#components/ui/card.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { Table, Td, Th } from '#components/ui/table.tsx';
import type { ExplainModel, QueryNode } from '#lib/show/explore-help.ts';
import { formatDuration, formatValue } from '#lib/show/format.ts';

/** What a query reads, what it costs, and how its series become fewer on the way up. */
export function ExplainPanel({
  letter,
  query,
  tab,
}: {
  readonly letter: string;
  readonly query: string;
  readonly tab: string | undefined;
}) {
  const view = useView<ExplainModel>('explain', { q: query, tab }, { refreshMs: false });
  const stats = view.data?.cost;
  const time = useTimeText();
  return (
    <Card title={`What query ${letter} does`} flush>
      {stats && (
        <p className="px-3 pb-2 text-muted sm:px-4">
          {formatDuration(stats.ms)} in all: {formatDuration(stats.selectMs)} reading{' '}
          {formatValue(stats.samples, 'count')} samples,{' '}
          {formatDuration(Math.max(0, stats.ms - stats.selectMs))} computing{' '}
          {stats.points === 1 ? 'one point in time' : `${stats.points} points in time`}.
        </p>
      )}
      {stats && stats.selectors.length > 0 && (
        <Table>
          <caption className="sr-only">What query {letter} reads</caption>
          <thead>
            <tr>
              <Th>Selector</Th>
              <Th align="right">Series</Th>
              <Th align="right">Samples</Th>
              <Th align="right">Time</Th>
            </tr>
          </thead>
          <tbody className="divide-y">
            {stats.selectors.map((selector) => (
              <tr key={`${selector.text} ${selector.samples}`}>
                <Td className="font-mono text-xs break-all">{selector.text}</Td>
                <Td align="right">{formatValue(selector.series, 'count')}</Td>
                <Td align="right">{formatValue(selector.samples, 'count')}</Td>
                <Td align="right">{formatDuration(selector.ms)}</Td>
              </tr>
            ))}
          </tbody>
        </Table>
      )}
      {view.data ? (
        view.data.nodes.length > 0 && (
          <div className="border-t px-3 py-2 sm:px-4">
            <p className="mb-1 text-xs text-muted">
              From the result down to the data, with the series that each part has at{' '}
              {time.clock(view.data.at)}
            </p>
            <ol>
              {view.data.nodes.map((node, i) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: the nodes of a query never reorder
                <NodeLine key={i} node={node} />
              ))}
            </ol>
          </div>
        )
      ) : view.error ? (
        <p className="border-t px-3 py-2 text-muted sm:px-4">{view.error}</p>
      ) : (
        <div className="border-t p-3 sm:px-4">
          <Skeleton className="h-16" />
        </div>
      )}
    </Card>
  );
}

/** Deeper than this there is no room to the right on a phone. */
const DEEPEST = 8;

function NodeLine({ node }: { readonly node: QueryNode }) {
  return (
    <li
      className="flex items-baseline gap-3 border-l py-0.5 pl-2"
      style={{ marginLeft: `${Math.min(node.depth, DEEPEST) * 1.1}rem` }}
    >
      <span className="min-w-0 flex-1">
        <code className="font-mono text-xs break-all">{node.text}</code>
        {node.words && <span className="ml-2 text-xs text-muted">{node.words}</span>}
      </span>
      {node.series !== undefined && (
        <span className="shrink-0 text-xs whitespace-nowrap">{formatValue(node.series, 'count')} series</span>
      )}
    </li>
  );
}
