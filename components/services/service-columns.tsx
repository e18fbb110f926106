import { HealthBadge } from '#components/ui/badge.tsx';
import { Sparkline } from '#components/ui/sparkline.tsx';
import type { Column } from '#components/ui/table.tsx';
import { formatValue } from '#lib/show/format.ts';
import type { ServiceRow } from '#lib/show/service-row.ts';

const HEALTH_ORDER = { down: 0, degraded: 1, ok: 2, unknown: 3 };

/** A number with its small line before it. */
function Trend({
  text,
  values,
  tone,
}: {
  readonly text: string;
  readonly values: readonly (number | null)[];
  readonly tone: 'accent' | 'critical' | 'muted';
}) {
  return (
    <span className="inline-flex items-center justify-end gap-3">
      {values.length > 0 && (
        <span className="max-md:hidden">
          <Sparkline values={values} tone={tone} width={72} />
        </span>
      )}
      <span className="sm:min-w-16">{text}</span>
    </span>
  );
}

export const SERVICE_COLUMNS: readonly Column<ServiceRow>[] = [
  {
    id: 'service',
    header: 'Service',
    cell: (row) => row.service,
    sortBy: (row) => row.service,
    className: 'min-w-20 break-words',
  },
  {
    id: 'health',
    header: 'Health',
    cell: (row) => <HealthBadge health={row.health} />,
    sortBy: (row) => HEALTH_ORDER[row.health],
  },
  {
    id: 'rate',
    header: 'Requests',
    align: 'right',
    from: 'sm',
    cell: (row) => (
      <Trend
        text={row.source === 'none' ? '–' : formatValue(row.rate, 'per-second')}
        values={row.sparks.rate}
        tone="muted"
      />
    ),
    sortBy: (row) => (row.source === 'none' ? undefined : row.rate),
  },
  {
    id: 'errors',
    header: 'Errors',
    align: 'right',
    cell: (row) => (
      <Trend
        text={formatValue(row.errorRatio, 'ratio')}
        values={(row.errorRatio ?? 0) > 0 ? row.sparks.errors : []}
        tone="critical"
      />
    ),
    sortBy: (row) => row.errorRatio,
  },
  {
    id: 'p95',
    header: 'p95',
    align: 'right',
    cell: (row) => <Trend text={formatValue(row.p95Ms, 'ms')} values={row.sparks.p95} tone="accent" />,
    sortBy: (row) => row.p95Ms,
  },
  {
    id: 'saturation',
    header: 'Fullest resource',
    align: 'right',
    from: 'lg',
    cell: (row) =>
      row.saturation ? `${row.saturation.label} ${formatValue(row.saturation.value, 'ratio')}` : '–',
    sortBy: (row) => row.saturation?.value,
  },
  {
    id: 'findings',
    header: 'Findings',
    align: 'right',
    from: 'md',
    cell: (row) => (row.openFindings === 0 ? '–' : row.openFindings),
    sortBy: (row) => row.openFindings,
  },
];
