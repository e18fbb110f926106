import { Badge } from '#components/ui/badge.tsx';
import type { PlaybookMeta } from '#lib/model/playbook.ts';

const RISK = { low: 'ok', medium: 'warning', high: 'critical' } as const;

/** What following a playbook takes. */
export function PlaybookFacts({ playbook }: { readonly playbook: PlaybookMeta }) {
  return (
    <span className="inline-flex flex-wrap items-center gap-1.5">
      <Badge>takes {playbook.effort}</Badge>
      <Badge tone={RISK[playbook.risk]}>{playbook.risk} risk</Badge>
      {playbook.tools.map((tool) => (
        <Badge key={tool}>{tool}</Badge>
      ))}
    </span>
  );
}
