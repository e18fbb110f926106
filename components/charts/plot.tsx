'use client';

import { memo } from 'react';
import { Area, CartesianGrid, ComposedChart, Line, ReferenceLine, XAxis, YAxis } from 'recharts';
import type { TimeTick, ValueAxis } from '#lib/show/axis.ts';
import type { PanelModel } from '#lib/show/panel.ts';
import type { PlotBox, SeriesLook } from './layout.ts';

interface TickProps {
  readonly x?: number | string;
  readonly y?: number | string;
  readonly payload?: { readonly value: number };
}

/** One line of text: the chart library's own ticks would break `600 ms` in two. */
function tick(text: (value: number) => string, anchor: 'middle' | 'end', drop: number) {
  return ({ x, y, payload }: TickProps) => (
    <text x={x} y={Number(y) + drop} textAnchor={anchor} fill="var(--muted)" fontSize={11}>
      {text(payload?.value ?? 0)}
    </text>
  );
}

interface DotProps {
  readonly cx?: number;
  readonly cy?: number;
  readonly index?: number;
}

/** Lines, areas, grid and axes. It decides nothing, and draws again only when the panel or its size changes. */
export const Plot = memo(function Plot({
  panel,
  shown,
  axis,
  ticks,
  looks,
  box,
  width,
  height,
}: {
  readonly panel: PanelModel;
  readonly shown: ReadonlySet<string>;
  readonly axis: ValueAxis;
  readonly ticks: readonly TimeTick[];
  readonly looks: ReadonlyMap<string, SeriesLook>;
  readonly box: PlotBox;
  readonly width: number;
  readonly height: number;
}) {
  const rows = panel.times.map((at, i) => ({ at, i }));
  const label = new Map(ticks.map((tick) => [tick.at, tick.label]));
  const valueLabel = new Map(axis.ticks.map((tick, i) => [tick, axis.labels[i] ?? '']));
  return (
    <ComposedChart
      width={width}
      height={height}
      data={rows}
      margin={{ top: box.top, right: width - box.left - box.width, bottom: 0, left: 0 }}
      accessibilityLayer={false}
    >
      <CartesianGrid vertical={false} stroke="var(--line)" />
      <XAxis
        dataKey="at"
        type="number"
        scale="time"
        domain={[panel.range.from, panel.range.to]}
        ticks={ticks.map((tick) => tick.at)}
        interval={0}
        height={22}
        tick={tick((at) => label.get(at) ?? '', 'middle', 10)}
        tickLine={{ stroke: 'var(--line)' }}
        axisLine={{ stroke: 'var(--line)' }}
        allowDataOverflow
      />
      <YAxis
        width={box.left}
        domain={[axis.min, axis.max]}
        ticks={[...axis.ticks]}
        interval={0}
        tick={tick((value) => valueLabel.get(value) ?? '', 'end', 4)}
        tickLine={false}
        axisLine={false}
        allowDataOverflow
      />
      {panel.series
        .filter((series) => shown.has(series.key))
        .map((series) => {
          const look = looks.get(series.key);
          const common = {
            name: series.name,
            dataKey: (row: { i: number }) => series.values[row.i] ?? null,
            stroke: look?.colour ?? 'currentColor',
            strokeWidth: 1.5,
            strokeDasharray: look?.dash,
            isAnimationActive: false,
            connectNulls: false,
            activeDot: false,
            // A value between two gaps has no line to belong to: it is drawn as a dot.
            dot: ({ cx, cy, index = 0 }: DotProps) => {
              const alone =
                (series.values[index] ?? null) !== null &&
                (series.values[index - 1] ?? null) === null &&
                (series.values[index + 1] ?? null) === null;
              return alone ? (
                <circle key={index} cx={cx} cy={cy} r={2} fill={look?.colour} />
              ) : (
                <g key={index} />
              );
            },
          } as const;
          return panel.draw === 'line' ? (
            <Line key={series.key} type="linear" {...common} />
          ) : (
            <Area
              key={series.key}
              type="linear"
              fill={look?.colour ?? 'currentColor'}
              fillOpacity={panel.draw === 'stacked' ? 0.35 : 0.15}
              {...(panel.draw === 'stacked' ? { stackId: 'all' } : {})}
              {...common}
              strokeDasharray={undefined}
            />
          );
        })}
      {panel.thresholds
        .filter((threshold) => threshold.value <= axis.max && threshold.value >= axis.min)
        .map((threshold) => (
          <ReferenceLine
            key={threshold.label}
            y={threshold.value}
            stroke="var(--critical)"
            strokeDasharray="4 4"
            label={{
              value: threshold.label,
              position: 'insideTopRight',
              fontSize: 11,
              fill: 'var(--critical)',
            }}
          />
        ))}
    </ComposedChart>
  );
});
