import { TimeLink } from '#components/time/time-link.tsx';
import { Card } from '#components/ui/card.tsx';
import { Code } from '#components/ui/code-block.tsx';
import { exploreHref } from '#lib/show/explore-link.ts';

/** A count over all names touches every series: it is asked for one instant, as a table. */
const LARGEST = 'topk(20, count by (__name__) ({__name__!=""}))';

/** How long data are kept, and where to look when they grow. */
export function KeptNote({ retention }: { readonly retention: string | undefined }) {
  return (
    <Card title="What is kept, and when it grows">
      <ul className="list-disc space-y-1.5 pl-5">
        {retention && (
          <li>
            Samples, traces, statements and findings are kept <strong>{retention}</strong> (
            <Code>CHOKEPOINT_RETENTION</Code>), then dropped. Snapshots stay until they expire.
          </li>
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
