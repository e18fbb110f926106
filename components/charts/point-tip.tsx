import { formatValue } from '#lib/show/format.ts';
import type { PanelModel } from '#lib/show/panel.ts';
import type { SeriesLook } from './layout.ts';
import { Swatch } from './legend.tsx';

const MOST_ROWS = 12;

/** The values of one instant, largest first. */
export function PointTip({
  panel,
  index,
  title,
  shown,
  looks,
  x,
  plotWidth,
}: {
  readonly panel: PanelModel;
  readonly index: number;
  readonly title: string;
  readonly shown: ReadonlySet<string>;
  readonly looks: ReadonlyMap<string, SeriesLook>;
  readonly x: number;
  readonly plotWidth: number;
}) {
  const rows = panel.series
    .filter((series) => shown.has(series.key))
    .map((series) => ({ series, value: series.values[index] ?? null }))
    .toSorted((a, b) => (b.value ?? Number.NEGATIVE_INFINITY) - (a.value ?? Number.NEGATIVE_INFINITY));
  const onLeft = x > plotWidth / 2;
  return (
    <div
      className="pointer-events-none absolute top-1 z-20 max-w-72 min-w-36 rounded-md border bg-surface/95 px-2.5 py-1.5 text-xs shadow-lg"
      style={onLeft ? { right: plotWidth - x + 10 } : { left: x + 10 }}
    >
      <p className="mb-1 whitespace-nowrap text-muted">{title}</p>
      <table className="w-full">
        <tbody>
          {rows.slice(0, MOST_ROWS).map(({ series, value }) => (
            <tr key={series.key}>
              <td className="max-w-44 truncate py-px pr-3">
                <Swatch look={looks.get(series.key)} /> {series.name}
              </td>
              <td className="py-px text-right font-medium whitespace-nowrap">
                {value === null ? 'no data' : formatValue(value, panel.unit)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > MOST_ROWS && <p className="mt-1 text-muted">and {rows.length - MOST_ROWS} more</p>}
    </div>
  );
}
