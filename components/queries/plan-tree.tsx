import { Badge } from '#components/ui/badge.tsx';
import { Td, Th } from '#components/ui/table.tsx';
import { formatDuration, formatValue } from '#lib/show/format.ts';
import type { PlanRow } from '#lib/show/query-detail.ts';
import { ShareBar } from './share-bar.tsx';

const INDENT_PX = 16;
/** Deeper nodes stand at the same place: a narrow screen has no room for more. */
const DEEPEST = 12;

/** An execution plan as an indented table: what each node did, and what it cost by itself. */
export function PlanTree({ rows }: { readonly rows: readonly PlanRow[] }) {
  const timed = rows.some((row) => row.selfShare !== undefined);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <section aria-label="Execution plan" tabIndex={0} className="overflow-x-auto">
      <table className="w-full border-collapse text-[0.8125rem]">
        <caption className="sr-only">Execution plan, parents before children</caption>
        <thead>
          <tr>
            <Th>Node</Th>
            <Th align="right" className="max-sm:hidden">
              Rows, estimated
            </Th>
            <Th align="right">Rows</Th>
            {timed && <Th align="right">Time</Th>}
            {timed && <Th align="right">Own share</Th>}
          </tr>
        </thead>
        <tbody className="divide-y">
          {rows.map((row, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a plan never reorders
            <tr key={i}>
              <Td className="min-w-40">
                <div style={{ paddingLeft: Math.min(row.depth, DEEPEST) * INDENT_PX }}>
                  <span className="sr-only">Level {row.depth + 1}: </span>
                  <span className="font-medium break-words">{row.title}</span>
                  {row.conditions.map(([name, text]) => (
                    <div key={name} className="font-mono text-xs break-words text-muted">
                      {name}: {text}
                    </div>
                  ))}
                  {row.rowsRemoved !== undefined && row.rowsRemoved > 0 && (
                    <div className="text-xs text-warning">
                      read and thrown away: {formatValue(row.rowsRemoved, 'rows')}
                    </div>
                  )}
                </div>
              </Td>
              <Td align="right" className="max-sm:hidden">
                {formatValue(row.rowsEstimated, 'count')}
              </Td>
              <Td align="right">
                {formatValue(row.rowsActual, 'count')}
                {row.loops !== undefined && row.loops > 1 && (
                  <span className="text-xs text-muted"> in {formatValue(row.loops, 'count')} loops</span>
                )}
                {row.misestimate !== undefined && (
                  <div>
                    <Badge tone="warning">estimate off ×{formatValue(row.misestimate, 'count')}</Badge>
                  </div>
                )}
              </Td>
              {timed && <Td align="right">{row.timeMs === undefined ? '–' : formatDuration(row.timeMs)}</Td>}
              {timed && (
                <Td align="right">
                  {row.selfShare === undefined ? '–' : <ShareBar ratio={row.selfShare} />}
                </Td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
