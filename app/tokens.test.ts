import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const css = readFileSync(new URL('./globals.css', import.meta.url), 'utf8');
const tokens = new Map(
  [...css.matchAll(/--([a-z0-9-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);/g)].map(
    ([, name, light, dark]) => [name, { light: light ?? '', dark: dark ?? '' }],
  ),
);

/** Relative luminance, WCAG 2.2. */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((i) => {
    const c = Number.parseInt(hex.slice(i, i + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string, theme: 'light' | 'dark'): number {
  const [x = 0, y = 0] = [a, b]
    .map((name) => luminance(tokens.get(name)?.[theme] ?? '#000000'))
    .toSorted((p, q) => q - p);
  return (x + 0.05) / (y + 0.05);
}

const GROUNDS = ['canvas', 'surface', 'raised'];
const TEXT: [string, string][] = [
  ...['text', 'muted', 'accent', 'ok', 'warning', 'critical', 'info'].flatMap((name) =>
    GROUNDS.map((ground): [string, string] => [name, ground]),
  ),
  ...['ok', 'warning', 'critical', 'info', 'accent'].map((name): [string, string] => [name, `${name}-soft`]),
  ...['ok', 'warning', 'critical', 'info', 'accent'].map((name): [string, string] => [
    'muted',
    `${name}-soft`,
  ]),
  ['on-fill', 'accent-fill'],
  ['on-fill', 'critical-fill'],
];
const GRAPHICS: [string, string][] = [
  ...Array.from({ length: 10 }, (_, i): [string, string] => [`chart-${i}`, 'surface']),
  ['line-strong', 'surface'],
];

describe.each(['light', 'dark'] as const)('%s', (theme) => {
  test.each(TEXT)('text %s on %s has at least 4.5:1', (text, ground) => {
    expect(contrast(text, ground, theme)).toBeGreaterThanOrEqual(4.5);
  });
  test.each(GRAPHICS)('%s on %s has at least 3:1', (mark, ground) => {
    expect(contrast(mark, ground, theme)).toBeGreaterThanOrEqual(3);
  });
});
