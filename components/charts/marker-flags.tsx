'use client';

import { CircleAlert, Flag, Rocket, Settings2, Siren, StickyNote } from 'lucide-react';
import { useId, useState } from 'react';
import { TimeLink } from '#components/time/time-link.tsx';
import { useTimeText } from '#components/time/use-time-text.ts';
import { FLAG_PX, type MarkerFlag } from '#lib/show/markers.ts';
import type { Marker } from '#lib/show/panel.ts';
import type { PlotBox } from './layout.ts';

const ICONS = { deploy: Rocket, config: Settings2, incident: Siren, note: StickyNote, onset: CircleAlert };
const WORDS = {
  deploy: 'Deploy',
  config: 'Config change',
  incident: 'Incident',
  note: 'Note',
  onset: 'Problem began',
};

/** Fewer px than this would cut a label to nothing. */
const LABEL_PX = 64;

/** A dashed line and a flag above the plot for each change; hover, focus or tap tells what it was. */
export function MarkerFlags({
  flags,
  box,
}: {
  readonly flags: readonly MarkerFlag[];
  readonly box: PlotBox;
}) {
  return flags.map((flag) => <OneFlag key={flag.x} flag={flag} box={box} />);
}

/** The most telling title (what people did before what followed from it) and how many more there are. */
function flagWords(markers: readonly Marker[]): string {
  const told = markers.find((marker) => marker.kind === 'deploy') ?? markers[0];
  return `${told?.title ?? ''}${markers.length > 1 ? ` +${markers.length - 1}` : ''}`;
}

function OneFlag({ flag, box }: { readonly flag: MarkerFlag; readonly box: PlotBox }) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const time = useTimeText();
  const first = flag.markers[0];
  if (!first) return null;
  const many = flag.markers.length > 1;
  const Icon = many ? Flag : ICONS[first.kind];
  const bad = flag.markers.some((marker) => marker.kind === 'onset' || marker.kind === 'incident');
  const colour = bad ? 'text-critical' : 'text-info';
  const label = flag.markers.map((marker) => `${WORDS[marker.kind]}: ${marker.title}`).join('; ');
  const onLeft = flag.x > box.width / 2;
  return (
    <div className={`absolute ${colour}`} style={{ left: box.left + flag.x, top: 0 }}>
      <div
        aria-hidden
        className="pointer-events-none absolute w-0 border-l border-dashed border-current opacity-70"
        style={{ top: box.top, height: box.height }}
      />
      <div
        className="absolute"
        style={{ left: -FLAG_PX / 2, top: 0 }}
        onPointerEnter={() => setOpen(true)}
        onPointerLeave={() => setOpen(false)}
      >
        <button
          type="button"
          aria-label={label}
          aria-expanded={open}
          aria-controls={id}
          onFocus={() => setOpen(true)}
          onBlur={(event) =>
            !event.currentTarget.parentElement?.contains(event.relatedTarget) && setOpen(false)
          }
          onKeyDown={(event) => event.key === 'Escape' && setOpen(false)}
          className="grid size-6 place-items-center rounded hover:bg-raised"
        >
          <Icon aria-hidden className="size-3.5" />
        </button>
        {flag.room >= LABEL_PX && (
          <span
            aria-hidden
            className="pointer-events-none absolute top-1 left-6 truncate text-[0.6875rem] leading-4"
            style={{ maxWidth: flag.room }}
          >
            {flagWords(flag.markers)}
          </span>
        )}
        {open && (
          <div
            id={id}
            className={`absolute top-6 z-30 w-max max-w-64 rounded-md border bg-surface px-2.5 py-1.5 text-xs text-text shadow-lg ${onLeft ? 'right-0' : 'left-0'}`}
          >
            <ul className="space-y-1.5">
              {flag.markers.slice(0, 8).map((marker) => (
                <MarkerLine key={`${marker.at}:${marker.title}`} marker={marker} at={time.clock(marker.at)} />
              ))}
            </ul>
            {flag.markers.length > 8 && <p className="text-muted">and {flag.markers.length - 8} more</p>}
          </div>
        )}
      </div>
    </div>
  );
}

function MarkerLine({ marker, at }: { readonly marker: Marker; readonly at: string }) {
  return (
    <li>
      <span className="text-muted">
        {at} · {WORDS[marker.kind]}
      </span>
      <br />
      {marker.link?.startsWith('/') ? (
        <TimeLink href={marker.link} className="break-words text-accent underline">
          {marker.title}
        </TimeLink>
      ) : marker.link ? (
        <a href={marker.link} rel="noreferrer" className="break-words text-accent underline">
          {marker.title}
        </a>
      ) : (
        <span className="break-words">{marker.title}</span>
      )}
    </li>
  );
}
