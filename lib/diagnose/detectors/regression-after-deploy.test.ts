import { describe, expect, test } from 'vitest';
import type { ChangeEvent } from '#lib/model/event.ts';
import {
  around,
  draftsOf,
  evidenceOf,
  repeat,
  spanBucket,
  spanSeries,
  T0,
  WINDOW,
} from '../evidence.testing.ts';
import { regressionAfterDeploy } from './regression-after-deploy.ts';

const DEPLOY_AT = T0 + 120_000;
const deploy = (parts: Partial<ChangeEvent> = {}): ChangeEvent => ({
  id: 'e1',
  kind: 'deploy',
  service: 'shop',
  version: '2.0',
  at: DEPLOY_AT,
  title: 'Deploy 2.0',
  url: '',
  attributes: [],
  ...parts,
});

interface Shape {
  now?: number;
  from?: number;
  calls?: number;
  errors?: number;
  events?: ChangeEvent[];
}
const detect = ({ now = 45, from = DEPLOY_AT, calls = 10, errors = 0, events = [deploy()] }: Shape) =>
  draftsOf(
    regressionAfterDeploy,
    evidenceOf({
      events,
      spans: [
        spanSeries({}, [
          { from: T0 - 3_600_000, to: from, durations: around(20, 10) },
          { from, to: WINDOW.to, durations: around(now, calls), errors },
        ]),
      ],
    }),
  );

describe('regression-after-deploy', () => {
  test('fires on an operation that slowed at the deploy', () => {
    const [draft] = detect({});
    expect(draft?.title).toContain('GET /orders is 2.3 times as slow since version 2.0');
    expect(draft?.evidence[0]).toMatchObject({ kind: 'event', eventId: 'e1' });
    expect(draft?.onset).toBe(DEPLOY_AT);
  });
  test('fires on new failures', () => {
    expect(detect({ now: 20, errors: 2 })[0]?.severity).toBe('critical');
  });
  test('shows within a minute of the deploy', () => {
    expect(detect({ events: [deploy({ at: WINDOW.to - 45_000 })], from: WINDOW.to - 45_000 })).toHaveLength(
      1,
    );
  });
  test.each<[string, Shape]>([
    ['a harmless deploy', { now: 20 }],
    ['a tenth slower', { now: 22 }],
    ['faster', { now: 10 }],
    ['it began before the deploy', { from: DEPLOY_AT - 90_000 }],
    ['another service was deployed', { events: [deploy({ service: 'mail' })] }],
    ['no deploy', { events: [] }],
    ['a note', { events: [deploy({ kind: 'note' })] }],
    ['too few calls', { calls: 1 }],
    ['too fresh to judge', { events: [deploy({ at: WINDOW.to - 10_000 })], from: WINDOW.to - 10_000 }],
  ])('silent: %s', (_, shape) => {
    expect(detect(shape)).toEqual([]);
  });
  test('a slow start alone is no regression', () => {
    const series = spanSeries({}, [{ from: T0 - 3_600_000, to: WINDOW.to, durations: around(20, 10) }]);
    const cold = series.buckets.map((b) =>
      b.at >= DEPLOY_AT && b.at < DEPLOY_AT + 10_000
        ? spanBucket(
            b.at,
            repeat(10, () => 400),
          )
        : b,
    );
    expect(
      draftsOf(
        regressionAfterDeploy,
        evidenceOf({ events: [deploy()], spans: [{ ...series, buckets: cold }] }),
      ),
    ).toEqual([]);
  });
  test('nothing known of the time before is unknown', () => {
    const evidence = evidenceOf({ events: [deploy({ at: T0 - 7_200_000 })], baseline: [] });
    expect(regressionAfterDeploy.detect(evidence, WINDOW)).toMatchObject([{ kind: 'unknown' }]);
  });
});
