import { sparklinePath } from '#lib/show/sparkline.ts';

const TONES = { accent: 'text-accent', critical: 'text-critical', muted: 'text-muted' };

/** A small line without axes. It decorates a number that stands beside it, so screen readers skip it. */
export function Sparkline({
  values,
  width = 88,
  height = 22,
  tone = 'accent',
}: {
  readonly values: readonly (number | null)[];
  readonly width?: number;
  readonly height?: number;
  readonly tone?: 'accent' | 'critical' | 'muted';
}) {
  return (
    <svg
      aria-hidden
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      className={`block ${TONES[tone]}`}
    >
      <path
        d={sparklinePath(values, width, height)}
        fill="none"
        stroke="currentColor"
        strokeWidth={1.5}
        strokeLinejoin="round"
        strokeLinecap="round"
      />
    </svg>
  );
}
