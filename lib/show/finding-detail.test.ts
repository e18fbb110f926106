import { expect, test } from 'vitest';
import { Finding } from '#lib/model/finding.ts';
import { timelineOf } from './finding-detail.ts';

const finding = (given: Partial<Finding>): Finding =>
  Finding.parse({
    id: 'a',
    detector: 'd',
    category: 'c',
    title: 'slow',
    summary: '',
    severity: 'warning',
    confidence: 1,
    state: 'open',
    subject: {},
    window: { from: 0, to: 1 },
    firstSeen: 100,
    lastSeen: 200,
    impact: {},
    evidence: [],
    playbook: { id: 'p', url: '/playbooks/p' },
    ...given,
  });

const event = (at: number, url: string) => ({
  id: String(at),
  kind: 'deploy' as const,
  service: 'shop',
  version: '',
  at,
  title: 'shop 2 rolled out',
  url,
  attributes: [],
});

test('changes, cause, beginning and end in order of time', () => {
  const cause = finding({ id: 'x/y', title: 'no index', firstSeen: 90 });
  const entries = timelineOf(finding({}), [event(150, ''), event(50, 'https://git.example/1')], cause);
  expect(entries.map((entry) => [entry.at, entry.kind, entry.href])).toEqual([
    [50, 'change', 'https://git.example/1'],
    [90, 'cause', '/findings/x%2Fy'],
    [100, 'began', undefined],
    [150, 'change', undefined],
    [200, 'last-seen', undefined],
  ]);
});

test('a resolved one ends; a link that is no web page is dropped', () => {
  const entries = timelineOf(finding({ state: 'resolved' }), [event(150, 'javascript:alert(1)')], undefined);
  expect(entries.at(-1)?.kind).toBe('resolved');
  expect(entries[1]).toEqual({ at: 150, kind: 'change', title: 'shop 2 rolled out (shop)' });
});
