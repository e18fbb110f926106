'use client';

import { CircleX, Search, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { TimeLink } from '#components/time/time-link.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { Button } from '#components/ui/button.tsx';
import { SqlBlock } from '#components/ui/code-block.tsx';
import { CopyButton } from '#components/ui/copy-button.tsx';
import { KeyValue } from '#components/ui/key-value.tsx';
import { formatDuration } from '#lib/show/format.ts';
import { attributePairs } from '#lib/show/span-details.ts';
import type { TraceModel, WaterfallRow } from '#lib/show/waterfall.ts';

/** Everything that is known of one span. */
export function SpanDetailsPanel({
  row,
  trace,
  colour,
  onZoom,
}: {
  readonly row: WaterfallRow;
  readonly trace: TraceModel;
  readonly colour: string | undefined;
  readonly onZoom: () => void;
}) {
  const { details } = row;
  const onPathUs = (row.path ?? []).reduce((sum, [startUs, endUs]) => sum + endUs - startUs, 0);
  return (
    <div className="space-y-3 text-[0.8125rem]">
      <div>
        <h3 className="font-semibold break-words">{row.name || '(no name)'}</h3>
        <p className="mt-0.5 flex flex-wrap items-center gap-2">
          <span aria-hidden className="size-2.5 rounded-xs" style={{ background: colour }} />
          <TimeLink
            href={`/services/${encodeURIComponent(row.service)}`}
            className="text-accent hover:underline"
          >
            {row.service}
          </TimeLink>
          <Badge>{row.kind}</Badge>
          {row.error && (
            <Badge tone="critical" icon={CircleX}>
              error
            </Badge>
          )}
        </p>
      </div>
      {details.statusMessage && (
        <p className="rounded-md bg-critical-soft px-2 py-1 break-words text-critical">
          {details.statusMessage}
        </p>
      )}
      {details.warnings?.map((warning) => (
        <p key={warning} className="flex gap-1.5 rounded-md bg-warning-soft px-2 py-1 text-warning">
          <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />{' '}
          <span className="min-w-0 break-words">{warning}</span>
        </p>
      ))}
      <KeyValue
        layout="rows"
        items={[
          { label: 'Duration', value: formatDuration(row.durationUs / 1000) },
          { label: 'Starts after', value: formatDuration(row.startUs / 1000) },
          {
            label: 'Critical path',
            value:
              onPathUs > 0
                ? `${formatDuration(onPathUs / 1000)} of the request waits for this span itself`
                : 'not on it',
          },
        ]}
      />
      <div className="flex flex-wrap gap-2">
        <Button size="sm" onClick={onZoom}>
          <Search aria-hidden /> Zoom to it
        </Button>
        <CopyButton text={details.spanId} label="Copy span id" />
      </div>
      {details.statement && (
        <Section title="Statement">
          <SqlBlock text={trace.texts[details.statement.text] ?? ''} />
          <TimeLink
            href={`/queries/${details.statement.fingerprint}`}
            className="mt-1 inline-block text-accent hover:underline"
          >
            All runs of this query
          </TimeLink>
        </Section>
      )}
      {details.events && (
        <Section title={`Events (${details.events.length})`}>
          {details.events.map((event, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a span's events never reorder
            <div key={i} className="mb-2">
              <p className="font-medium break-words">
                {event.name}{' '}
                <span className="font-normal text-muted">at {formatDuration(event.atUs / 1000)}</span>
              </p>
              <AttributeList attributes={attributePairs(trace, event.attributes)} />
            </div>
          ))}
        </Section>
      )}
      <Section title="Attributes">
        <AttributeList attributes={attributePairs(trace, details.attributes)} />
      </Section>
      {details.links && (
        <Section title={`Links (${details.links.length})`}>
          {details.links.map((link) => (
            <div key={`${link.traceId} ${link.spanId}`} className="mb-2">
              <TimeLink
                href={`/traces/${encodeURIComponent(link.traceId)}?span=${encodeURIComponent(link.spanId)}`}
                className="font-mono text-xs break-all text-accent hover:underline"
              >
                {link.traceId}
              </TimeLink>
              <AttributeList attributes={attributePairs(trace, link.attributes)} />
            </div>
          ))}
        </Section>
      )}
      <Section title="Process">
        <AttributeList
          attributes={[
            ...attributePairs(trace, trace.resources[details.resource] ?? []),
            ...(details.scope === undefined ? [] : [['scope', trace.texts[details.scope] ?? ''] as const]),
            ...(details.traceState ? [['tracestate', details.traceState] as const] : []),
          ]}
        />
      </Section>
    </div>
  );
}

function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section>
      <h4 className="mb-1 text-xs font-medium text-muted">{title}</h4>
      {children}
    </section>
  );
}

function AttributeList({
  attributes,
}: {
  readonly attributes: readonly (readonly [name: string, text: string])[];
}) {
  if (attributes.length === 0) return <p className="text-xs text-muted">none</p>;
  return (
    <dl className="divide-y rounded-md border">
      {attributes.map(([name, text], i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a name may come twice, and the list never reorders
        <div key={i} className="grid grid-cols-[minmax(0,2fr)_minmax(0,3fr)] gap-2 px-2 py-1">
          <dt className="font-mono text-xs wrap-anywhere text-muted">{name}</dt>
          <dd className="font-mono text-xs wrap-anywhere whitespace-pre-wrap">{text}</dd>
        </div>
      ))}
    </dl>
  );
}
