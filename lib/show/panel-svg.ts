import { extent, timeTicks, type ValueAxis, valueAxis } from './axis.ts';
import { assignColours } from './colours.ts';
import { formatValue } from './format.ts';
import { placeMarkers } from './markers.ts';
import type { PanelModel, PanelSeries } from './panel.ts';
import { panelSummary, summariseSeries } from './panel-summary.ts';
import { chartClass, type SvgTheme, svgStyle, xmlText } from './panel-svg-style.ts';
import { dateTimeText } from './time-text.ts';

export interface SvgOptions {
  readonly theme: SvgTheme;
  /** px */
  readonly width: number;
  /** px */
  readonly height: number;
  /** IANA zone of the time axis */
  readonly zone: string;
}

interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

const PADDING = 12;
/** Room for half of the last time label. */
const RIGHT = 20;
const HEAD = 46;
const TIME_AXIS = 22;
const LEGEND_LINE = 18;
const LEGEND_LINES = 2;
/** Width of an average character at 11 px, px. */
const CHARACTER = 6.2;
const DASHES = ['', '6 3', '2 3', '8 3 2 3'];

const px = (value: number): string => String(Math.round(value * 10) / 10);

function cut(text: string, room: number): string {
  const most = Math.max(1, Math.floor(room / CHARACTER));
  const characters = [...text];
  return characters.length > most ? `${characters.slice(0, most - 1).join('')}…` : text;
}

/** A panel as an SVG document of its own: no script, no link, no outside resource; every text escaped. */
export function panelSvg(panel: PanelModel, options: SvgOptions): string {
  const { width, height, zone } = options;
  const time = (at: number): string => dateTimeText(at, zone);
  const body = panel.empty ? emptyNote(panel.empty.reason, options) : chart(panel, options);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${xmlText(panel.title)}</title>`,
    `<desc>${xmlText(panel.empty?.reason ?? panelSummary(panel, time))}</desc>`,
    `<style>${svgStyle(options.theme)}</style>`,
    `<rect class="f-surface" width="${width}" height="${height}"/>`,
    `<text class="title f-text" x="${PADDING}" y="22">${xmlText(cut(panel.title, (width - 2 * PADDING) * 0.78))}</text>`,
    `<text class="f-muted" x="${PADDING}" y="38">${xmlText(`${time(panel.range.from)} – ${time(panel.range.to)} ${zone}`)}</text>`,
    body,
    '</svg>',
  ].join('');
}

function emptyNote(reason: string, { width, height }: SvgOptions): string {
  const lines: string[] = [''];
  for (const word of reason.split(/\s+/)) {
    const longer = `${lines.at(-1) ?? ''} ${word}`.trim();
    if (longer.length * CHARACTER > width - 4 * PADDING && lines.at(-1)) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines
    .slice(0, 5)
    .map(
      (line, i) =>
        `<text class="f-muted" x="${width / 2}" y="${px(height / 2 + i * LEGEND_LINE)}" text-anchor="middle">${xmlText(cut(line, width - 2 * PADDING))}</text>`,
    )
    .join('');
}

function chart(panel: PanelModel, options: SvgOptions): string {
  const { low, high } = extent(panel, new Set(panel.series.map((series) => series.key)));
  const axis = valueAxis(low, high, panel.unit);
  const left = PADDING + Math.max(28, Math.ceil(Math.max(...axis.labels.map((l) => l.length)) * 6.6) + 8);
  const box: Box = {
    left,
    top: HEAD + (panel.markers.length > 0 ? 14 : 4),
    width: Math.max(10, options.width - left - RIGHT),
    height: 0,
  };
  const room = options.height - box.top - TIME_AXIS - LEGEND_LINES * LEGEND_LINE - 8;
  const plot = { ...box, height: Math.max(10, room) };
  const colours = assignColours(panel.series.map((series) => series.key));
  const looks = panel.series.map((series, i) => ({
    colour: chartClass(colours.get(series.key) ?? 0),
    dash: DASHES[Math.floor(i / 3) % DASHES.length] ?? '',
  }));
  return [
    grid(panel, axis, plot, options.zone),
    lines(panel, axis, plot, looks),
    thresholds(panel, axis, plot),
    markers(panel, plot),
    legend(panel, looks, options),
  ].join('');
}

const yOf = (value: number, axis: ValueAxis, box: Box): number =>
  box.top + box.height * (1 - (value - axis.min) / (axis.max - axis.min));

function xOf(at: number, panel: PanelModel, box: Box): number {
  const { from, to } = panel.range;
  const share = to > from ? (at - from) / (to - from) : 0;
  return box.left + box.width * Math.min(1, Math.max(0, share));
}

function grid(panel: PanelModel, axis: ValueAxis, box: Box, zone: string): string {
  const values = axis.ticks.map((tick, i) => {
    const y = px(yOf(tick, axis, box));
    return (
      `<path class="s-line" d="M${px(box.left)} ${y}h${px(box.width)}"/>` +
      `<text class="f-muted" x="${px(box.left - 6)}" y="${y}" dy="4" text-anchor="end">${xmlText(axis.labels[i] ?? '')}</text>`
    );
  });
  const times = timeTicks(panel.range, Math.max(2, Math.floor(box.width / 72)), zone).map(
    ({ at, label }) =>
      `<text class="f-muted" x="${px(xOf(at, panel, box))}" y="${px(box.top + box.height + 15)}" text-anchor="middle">${xmlText(label)}</text>`,
  );
  return values.join('') + times.join('');
}

interface Look {
  readonly colour: string;
  readonly dash: string;
}

function lines(panel: PanelModel, axis: ValueAxis, box: Box, looks: readonly Look[]): string {
  const bases = panel.times.map(() => 0);
  return panel.series
    .map((series, s) => {
      const look = looks[s] ?? { colour: 'chart-0', dash: '' };
      const parts = stretches(series).map((stretch) => {
        const at = (i: number, value: number) =>
          `${px(xOf(panel.times[i] ?? 0, panel, box))} ${px(yOf(value, axis, box))}`;
        const base = (i: number) => (panel.draw === 'stacked' ? (bases[i] ?? 0) : 0);
        const tops = stretch.map(({ i, value }) => at(i, value + base(i)));
        if (stretch.length === 1)
          return `<circle class="f-${look.colour}" r="2" cx="${tops[0]?.split(' ')[0]}" cy="${tops[0]?.split(' ')[1]}"/>`;
        const dash = panel.draw === 'line' && look.dash ? ` stroke-dasharray="${look.dash}"` : '';
        const line = `<path class="series s-${look.colour}"${dash} d="M${tops.join('L')}"/>`;
        if (panel.draw === 'line') return line;
        const floor = stretch.toReversed().map(({ i }) => at(i, base(i)));
        const opacity = panel.draw === 'stacked' ? 0.35 : 0.15;
        return `<path class="f-${look.colour}" opacity="${opacity}" d="M${tops.join('L')}L${floor.join('L')}Z"/>${line}`;
      });
      if (panel.draw === 'stacked')
        series.values.forEach((value, i) => {
          bases[i] = (bases[i] ?? 0) + (value ?? 0);
        });
      return parts.join('');
    })
    .join('');
}

/** Runs of points without a gap. */
function stretches(series: PanelSeries): { i: number; value: number }[][] {
  const found: { i: number; value: number }[][] = [];
  let open: { i: number; value: number }[] | undefined;
  series.values.forEach((value, i) => {
    if (value === null || !Number.isFinite(value)) {
      open = undefined;
      return;
    }
    if (!open) {
      open = [];
      found.push(open);
    }
    open.push({ i, value });
  });
  return found;
}

function thresholds(panel: PanelModel, axis: ValueAxis, box: Box): string {
  return panel.thresholds
    .filter(({ value }) => value >= axis.min && value <= axis.max)
    .map(({ value, label }) => {
      const y = yOf(value, axis, box);
      return (
        `<path class="s-critical" stroke-dasharray="4 4" d="M${px(box.left)} ${px(y)}h${px(box.width)}"/>` +
        `<text class="f-critical" x="${px(box.left + box.width)}" y="${px(y - 4)}" text-anchor="end">${xmlText(cut(label, box.width))}</text>`
      );
    })
    .join('');
}

function markers(panel: PanelModel, box: Box): string {
  return placeMarkers(panel.markers, panel.range, box.width)
    .map((flag) => {
      const [first] = flag.markers;
      const token = flag.markers.some((marker) => marker.kind === 'onset') ? 'critical' : 'accent';
      const words = flag.markers.length > 1 ? `${flag.markers.length} events` : (first?.title ?? '');
      const label =
        flag.room > 40
          ? `<text class="f-${token}" x="${px(box.left + flag.x + 4)}" y="${px(box.top - 4)}">${xmlText(cut(words, flag.room))}</text>`
          : '';
      return `<path class="s-${token}" stroke-dasharray="2 2" d="M${px(box.left + flag.x)} ${px(box.top - 12)}v${px(box.height + 12)}"/>${label}`;
    })
    .join('');
}

function legend(panel: PanelModel, looks: readonly Look[], { width, height }: SvgOptions): string {
  const right = width - PADDING;
  const widest = (width - 2 * PADDING) / 2;
  const parts: string[] = [];
  let x = PADDING;
  let y = height - LEGEND_LINES * LEGEND_LINE + 4;
  let shown = 0;
  for (const [i, series] of panel.series.entries()) {
    const last = formatValue(summariseSeries(series, panel.times).last, panel.unit);
    const text = cut(`${series.name} ${last}`, widest - 20);
    const needed = 16 + [...text].length * CHARACTER + 12;
    if (x > PADDING && x + needed > right) {
      if (y + LEGEND_LINE > height) break;
      x = PADDING;
      y += LEGEND_LINE;
    }
    const look = looks[i];
    parts.push(
      `<path class="series s-${look?.colour ?? 'chart-0'}" style="stroke-width:3" d="M${px(x)} ${px(y - 4)}h11"/>` +
        `<text class="f-text" x="${px(x + 16)}" y="${px(y)}">${xmlText(text)}</text>`,
    );
    x += needed;
    shown++;
  }
  const left = panel.seriesTotal - shown;
  if (left > 0)
    parts.push(
      `<text class="f-muted" x="${right}" y="${px(height - 4)}" text-anchor="end">+${left} more</text>`,
    );
  return parts.join('');
}
