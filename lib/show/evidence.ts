import type { Evidence } from '#lib/model/finding.ts';
import type { TimeRange } from '#lib/model/time-range.ts';
import { exploreHref } from './explore-link.ts';
import { formatChange, formatValue } from './format.ts';
import type { PanelModel, Unit } from './panel.ts';

/** One proof of a finding, ready to draw. */
export interface EvidenceModel {
  readonly kind: Evidence['kind'];
  readonly title: string;
  readonly value: string | undefined;
  readonly baseline: string | undefined;
  readonly threshold: string | undefined;
  /** Against the baseline: `×4.2`, `+35 %`. */
  readonly change: string | undefined;
  /** Places on one scale from zero, 0…1; there when there is something to compare with. */
  readonly scale:
    | { readonly value: number; readonly baseline?: number; readonly threshold?: number }
    | undefined;
  readonly link: { readonly label: string; readonly href: string } | undefined;
  readonly promql: string | undefined;
  /** The Explore page with the query over the finding's own time. */
  readonly explore: string | undefined;
  /** How the numbers went, where a query says it. */
  readonly panel: PanelModel | undefined;
}

const UNITS: ReadonlyMap<string, Unit> = new Map(
  (['ms', 's', 'bytes', 'bytes-per-second', 'ratio', 'count', 'per-second', 'rows'] as const).map((u) => [
    u,
    u,
  ]),
);

export const unitOf = (evidence: Evidence): Unit => UNITS.get(evidence.unit ?? '') ?? 'count';

/** @param window what its query is explored over */
export function evidenceModel(evidence: Evidence, panel?: PanelModel, window?: TimeRange): EvidenceModel {
  const unit = unitOf(evidence);
  const { value, baseline, threshold } = evidence;
  const text = (number: number | undefined) => (number === undefined ? undefined : formatValue(number, unit));
  return {
    kind: evidence.kind,
    title: evidence.title,
    value: text(value),
    baseline: text(baseline),
    threshold: text(threshold),
    change: value === undefined || baseline === undefined ? undefined : formatChange(value, baseline),
    scale: scaleOf(value, baseline, threshold),
    link: evidenceLink(evidence),
    promql: evidence.promql,
    explore: evidence.promql === undefined ? undefined : exploreHref([evidence.promql], window),
    panel,
  };
}

function scaleOf(
  value: number | undefined,
  baseline: number | undefined,
  threshold: number | undefined,
): EvidenceModel['scale'] {
  if (value === undefined || (baseline === undefined && threshold === undefined)) return undefined;
  const top = Math.max(value, baseline ?? 0, threshold ?? 0);
  if (!(top > 0) || !Number.isFinite(top)) return undefined;
  const place = (number: number) => Math.max(0, Math.min(1, number / top));
  return {
    value: place(value),
    ...(baseline === undefined ? {} : { baseline: place(baseline) }),
    ...(threshold === undefined ? {} : { threshold: place(threshold) }),
  };
}

/** Pages that show evidence. Anything else in a link (no page yet, another site) is not offered. */
const PAGES: readonly (readonly [prefix: string, label: string])[] = [
  ['/traces', 'See the trace'],
  ['/queries', 'See the query'],
  ['/services/', 'See the service'],
  ['/findings/', 'See the finding'],
];

function evidenceLink({ link }: Evidence): EvidenceModel['link'] {
  const page = PAGES.find(([prefix]) => link.startsWith(prefix));
  return page && { label: page[1], href: link };
}
