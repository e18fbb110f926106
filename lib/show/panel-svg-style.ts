import { CHART_COLOURS } from './colours.ts';

export type SvgTheme = 'light' | 'dark' | 'auto';

/** The tokens of `globals.css` that a panel needs, light and dark: an image knows no style sheet of the page. */
export const SVG_COLOURS = {
  surface: ['#ffffff', '#12151b'],
  line: ['#dfe3ea', '#262b36'],
  text: ['#151920', '#e8ebf1'],
  muted: ['#525c6b', '#a2abba'],
  accent: ['#1b5fcc', '#80b2ff'],
  critical: ['#b92323', '#ff8080'],
  'chart-0': ['#1f6fd1', '#5aa2ff'],
  'chart-1': ['#c2570c', '#ff9d4d'],
  'chart-2': ['#0d8a6a', '#3ddcb0'],
  'chart-3': ['#a23bb0', '#e08cf0'],
  'chart-4': ['#8a6d00', '#ecd04d'],
  'chart-5': ['#0b3d7a', '#a9c9f5'],
  'chart-6': ['#d23f6f', '#ff7fa6'],
  'chart-7': ['#4a7c1f', '#a3d45e'],
  'chart-8': ['#5a45b0', '#9d8cff'],
  'chart-9': ['#66707f', '#b3bcc9'],
} as const satisfies Record<string, readonly [string, string]>;

function colourRules(side: 0 | 1): string {
  return Object.entries(SVG_COLOURS)
    .map(([name, pair]) => `.f-${name}{fill:${pair[side]}}.s-${name}{stroke:${pair[side]}}`)
    .join('');
}

/** Classes `f-<token>` (fill) and `s-<token>` (stroke); plain colours, which renderers without CSS variables know too. */
export function svgStyle(theme: SvgTheme): string {
  const base =
    'text{font:11px system-ui,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}' +
    '.title{font-size:14px;font-weight:600}.series{fill:none;stroke-width:1.5;stroke-linejoin:round}';
  if (theme === 'dark') return base + colourRules(1);
  const dark = theme === 'auto' ? `@media(prefers-color-scheme:dark){${colourRules(1)}}` : '';
  return base + colourRules(0) + dark;
}

export function chartClass(index: number): string {
  return `chart-${index % CHART_COLOURS}`;
}

/** Text for XML: characters that XML cannot hold are dropped, those that mean something are escaped. */
export function xmlText(text: string): string {
  return (
    text
      .toWellFormed()
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML 1.0 forbids
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
      .replaceAll("'", '&#39;')
  );
}
