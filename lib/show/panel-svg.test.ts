import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { testPanel } from './panel.fixture.ts';
import type { PanelModel } from './panel.ts';
import { panelSvg } from './panel-svg.ts';
import { SVG_COLOURS, svgStyle, xmlText } from './panel-svg-style.ts';

const options = { theme: 'light', width: 640, height: 360, zone: 'UTC' } as const;
const draw = (panel: PanelModel) => panelSvg(panel, options);

/** Tags that are open at the end, or close what was not open: enough of an XML parser to tell broken nesting. */
function unbalanced(svg: string): string[] {
  const open: string[] = [];
  for (const [, slash, name, rest] of svg.matchAll(/<(\/?)([a-z]+)((?:"[^"]*"|[^">])*)>/g)) {
    if (slash) {
      if (open.pop() !== name) return [`</${name}>`];
    } else if (!rest?.endsWith('/')) open.push(name ?? '');
  }
  return open;
}

describe('panelSvg', () => {
  test('draws one line per stretch without gaps and a dot for a lone value', () => {
    const svg = draw(testPanel({ values: { p95: [1, 2, null, 4, null, 5, 6] } }));
    expect(svg.match(/<path class="series s-chart-0" d=/g)).toHaveLength(2);
    expect(svg.match(/<circle class="f-chart-0"/g)).toHaveLength(1);
  });

  test('stacks upon the series below', () => {
    const svg = draw(testPanel({ draw: 'stacked', values: { a: [100, 100], b: [100, 100] } }));
    const tops = [...svg.matchAll(/class="series s-chart-\d" d="M[\d.]+ ([\d.]+)L/g)].map((m) =>
      Number(m[1]),
    );
    expect(tops).toHaveLength(2);
    expect(tops[1]).toBeLessThan(tops[0] ?? 0);
  });

  test('says why there is nothing to draw', () => {
    const svg = draw({ ...testPanel({ values: {} }), empty: { reason: 'No traces of shop arrived.' } });
    expect(svg).toContain('>No traces of shop arrived.</text>');
  });

  test('names what is left out', () => {
    const values = Object.fromEntries(
      Array.from({ length: 25 }, (_, i) => [`a long series name ${i}`, [1, 2]]),
    );
    expect(draw({ ...testPanel({ values }), seriesTotal: 40 })).toMatch(/>\+3\d more<\/text>/);
  });

  test('text from outside stays text, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 40 }),
        fc.constantFrom('</text><script>alert(1)</script>', '"><a href="javascript:x">', ']]>', '&lt;', ''),
        fc.array(fc.option(fc.double({ min: -1e12, max: 1e12, noNaN: true }), { nil: null }), {
          minLength: 1,
          maxLength: 5,
        }),
        (noise, attack, values) => {
          const text = noise + attack;
          const panel = testPanel({ title: text, values: { [text]: values } });
          const at = panel.range.from + 1000;
          const svg = draw({
            ...panel,
            markers: [{ at, kind: 'deploy', title: text, link: 'javascript:alert(1)' }],
            thresholds: [{ value: 1, label: text }],
          });
          expect(unbalanced(svg)).toEqual([]);
          expect(svg).not.toMatch(/<(?!\/?(?:svg|title|desc|style|rect|text|path|circle)\b)/);
          expect(svg).not.toMatch(/\s(?:href|on\w+)=(?=["'])[^<]*>/);
          expect(svg).not.toMatch(/NaN|Infinity/);
        },
      ),
    );
  });
});

test('characters that XML cannot hold are dropped', () => {
  expect(xmlText('a\u0000b\u001b\uffff<&>"\'\ud800')).toBe('ab&lt;&amp;&gt;&quot;&#39;\ufffd');
});

test('colours are those of the pages', () => {
  const css = readFileSync(new URL('../../app/globals.css', import.meta.url), 'utf8');
  for (const [name, [light, dark]] of Object.entries(SVG_COLOURS))
    expect(css).toContain(`--${name}: light-dark(${light}, ${dark});`);
});

test.each([
  ['light', '#ffffff', '#12151b'],
  ['dark', '#12151b', '#ffffff'],
] as const)('%s holds only its own colours', (theme, own, other) => {
  expect(svgStyle(theme)).toContain(`.f-surface{fill:${own}}`);
  expect(svgStyle(theme)).not.toContain(`.f-surface{fill:${other}}`);
});

test('auto follows the reader', () => {
  expect(svgStyle('auto')).toMatch(
    /\.f-surface\{fill:#ffffff\}.*prefers-color-scheme:dark.*\.f-surface\{fill:#12151b\}/,
  );
});
