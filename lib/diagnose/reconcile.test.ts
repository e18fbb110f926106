import { describe, expect, test } from 'vitest';
import type { Finding } from '#lib/model/finding.ts';
import { errorSpike } from './detectors/error-spike.ts';
import { Reconciler } from './reconcile.ts';
import { type Detected, identityOf } from './run.ts';

const T = 1_800_000_000_000;
const draft = {
  title: 't',
  summary: 's',
  severity: 'warning' as const,
  confidence: 0.9,
  subject: { service: 'orders', operation: 'GET /' },
  impact: {},
  evidence: [],
  variables: {},
  onset: T,
};
const SEEN: Detected[] = [
  { detector: errorSpike, draft, identity: identityOf(errorSpike, draft), window: { from: T, to: T + 1 } },
];

/** Plays runs ten seconds apart against a store of one list; `1` the problem shows, `0` it does not. */
function play(runs: string): { states: string; ids: Set<string>; stored: Map<string, Finding> } {
  const reconciler = new Reconciler();
  const stored = new Map<string, Finding>();
  const ids = new Set<string>();
  let states = '';
  [...runs].forEach((run, i) => {
    const open = [...stored.values()].filter((f) => f.state === 'open');
    const { changed } = reconciler.step(run === '1' ? SEEN : [], open, T + i * 10_000);
    for (const f of changed) {
      stored.set(f.id, f);
      ids.add(f.id);
    }
    states += [...stored.values()].some((f) => f.state === 'open') ? 'o' : '-';
  });
  return { states, ids, stored };
}

describe('Reconciler', () => {
  test.each([
    ['opens on the second look', '0110', '--oo'],
    ['two of three looks are enough', '101', '--o'],
    ['a single blip never opens', '1000100', '-------'],
    ['resolves when three looks are calm', '11000', '-ooo-'],
    ['a gap does not close it', '1101001', '-oooooo'],
  ])('%s', (_, runs, states) => {
    expect(play(runs).states).toBe(states);
  });

  test('keeps its id and beginning while it lasts and takes a new id when it comes back', () => {
    expect(play('1111').ids.size).toBe(1);
    const lasting = [...play('1111').stored.values()][0];
    expect(lasting).toMatchObject({ firstSeen: T, lastSeen: T + 30_000 });
  });

  test('a finding left open by an earlier process resolves too', () => {
    const open = [...play('11').stored.values()];
    const reconciler = new Reconciler();
    const states = [1, 2, 3].map((i) => reconciler.step([], open, T + i).changed.map((f) => f.state));
    expect(states.flat()).toEqual(['resolved']);
  });
});
