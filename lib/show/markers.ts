import type { ChangeEvent } from '#lib/model/event.ts';
import type { Finding } from '#lib/model/finding.ts';
import type { TimeRange } from '#lib/model/time-range.ts';
import type { Marker } from './panel.ts';

/** Changes people made and the moments problems began, in order of time. */
export function markersOf(
  events: readonly ChangeEvent[],
  findings: readonly Finding[],
  range: TimeRange,
): Marker[] {
  const changes = events.map(
    (event): Marker => ({
      at: event.at,
      kind: event.kind,
      title:
        event.version && !event.title.includes(event.version)
          ? `${event.title} (${event.version})`
          : event.title,
      ...(/^https?:\/\//.test(event.url) ? { link: event.url } : {}),
    }),
  );
  const onsets = findings
    .filter((finding) => finding.causedBy === undefined)
    .map(
      (finding): Marker => ({
        at: finding.firstSeen,
        kind: 'onset',
        title: finding.title,
        link: `/findings/${encodeURIComponent(finding.id)}`,
      }),
    );
  return [...changes, ...onsets]
    .filter((marker) => marker.at >= range.from && marker.at <= range.to)
    .toSorted((a, b) => a.at - b.at);
}

/** Markers that stand too close together to tell apart, as one flag. */
export interface MarkerFlag {
  /** px from the left edge of the plot */
  readonly x: number;
  readonly markers: readonly Marker[];
  /** px free for words to the right of the flag */
  readonly room: number;
}

export const FLAG_PX = 24;

export function placeMarkers(markers: readonly Marker[], range: TimeRange, width: number): MarkerFlag[] {
  const flags: { x: number; markers: Marker[] }[] = [];
  for (const marker of markers) {
    if (marker.at < range.from || marker.at > range.to) continue;
    const x = ((marker.at - range.from) / (range.to - range.from)) * width;
    const last = flags.at(-1);
    if (last && x - last.x < FLAG_PX) last.markers.push(marker);
    else flags.push({ x, markers: [marker] });
  }
  return flags.map((flag, i) => ({ ...flag, room: (flags[i + 1]?.x ?? width) - flag.x - FLAG_PX }));
}
