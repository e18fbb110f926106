import { TimeLink } from '#components/time/time-link.tsx';
import { Card } from '#components/ui/card.tsx';
import { Code } from '#components/ui/code-block.tsx';
import { exploreHref } from '#lib/show/explore-link.ts';
import type { StorageLimits } from '#lib/show/storage.ts';

/** A count over all names touches every series: it is asked for one instant, as a table. */
const LARGEST = 'topk(20, count by (__name__) ({__name__!=""}))';

/** How long data are kept, and where to look when they grow. */
export function KeptNote({ limits }: { readonly limits: StorageLimits | undefined }) {
  return (
    <Card title="What is kept, and when it grows">
      <ul className="list-disc space-y-1.5 pl-5">
        {limits && (
          <>
            <li>
              Samples, traces, statements and findings are kept <strong>{limits.samples}</strong> (
              <Code>CHOKEPOINT_RETENTION</Code>). Snapshots stay until they expire.
            </li>
            <li>
              After that metrics stay as one point per 5 minutes <strong>{limits.fiveMinutes}</strong> (
              <Code>CHOKEPOINT_RETENTION_5M</Code>), and one per hour <strong>{limits.oneHour}</strong> (
              <Code>CHOKEPOINT_RETENTION_1H</Code>).
            </li>
            <li>
              At {limits.maxSeries.toLocaleString('en-US')} active series (<Code>CHOKEPOINT_MAX_SERIES</Code>)
              new ones are refused, and those that are there keep flowing.
            </li>
          </>
        )}
        <li>
          Room goes by series and by samples: a metric costs its labels' values multiplied.{' '}
          <TimeLink href={`${exploreHref([LARGEST])}&tab=table`} className="text-accent underline">
            See the largest metrics
          </TimeLink>
          .
        </li>
        <li>
          When a label explodes: find who sends it, drop the label or the metric at its source, or with{' '}
          <Code>metric_relabel_configs</Code> or <Code>write_relabel_configs</Code> on the way here.
        </li>
        <li>
          High churn (series that begin and end all the time) comes from labels that change with each deploy
          or pod: an image's digest, a pod's name, a process's id.
        </li>
      </ul>
    </Card>
  );
}
