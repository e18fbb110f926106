import type { Finding } from '#lib/model/finding.ts';
import type { TimeRange } from '#lib/model/time-range.ts';
import type { Log } from '#lib/platform/log.ts';
import type { Store } from '#lib/store/store.ts';
import { baselineBefore, incidentTimes, type OwnBaselines, ownBaselines } from './baseline.ts';
import { explain } from './explain.ts';
import { type Columns, gather, gatherColumns } from './gather.ts';
import { Reconciler } from './reconcile.ts';
import { DETECTORS } from './registry.ts';
import { runDetectors } from './run.ts';

export interface WatchOptions {
  readonly store: Store;
  readonly log: Log;
  readonly now?: () => number;
  readonly intervalMs?: number;
}

export interface WatchRun {
  /** ms since the epoch */
  readonly at: number;
  readonly tookMs: number;
  readonly open: number;
}

export interface Watch {
  stop(): Promise<void>;
  lastRun(): WatchRun | undefined;
  /** One run now; for tests. */
  run(): Promise<void>;
}

/** Gathered each run; the hour before it is gathered once a minute. */
const WINDOW_MS = 300_000;
/**
 * A fault shows in the last seconds first; the longer stretch serves slow traffic. Both end now, so a finding stays
 * open only while the freshest data still show it.
 */
const FRESH_MS = 40_000;
const RECENT_MS = 120_000;
/**
 * The baseline ends this long ago: close enough that a system that started minutes ago has one, far enough that a
 * fault is found before it becomes part of it.
 */
const UNJUDGED_MS = 90_000;
const MINUTE = 60_000;

interface Past {
  readonly readAt: number;
  readonly baseline: readonly TimeRange[];
  readonly own: OwnBaselines;
  readonly columns: Columns;
}

/** Looks at the freshest data every ten seconds and keeps the stored findings up to date. */
export function startWatch({ store, log, now = Date.now, intervalMs = 10_000 }: WatchOptions): Watch {
  const reconciler = new Reconciler();
  let past: (Past & { cut: number }) | undefined;
  let last: WatchRun | undefined;
  let running: Promise<void> | undefined;

  /** The time before the window in whole minutes, so that the two never share a bucket. */
  async function pastAt(at: number): Promise<Past & { cut: number }> {
    if (past && at - past.readAt < MINUTE) return past;
    const cut = Math.floor((at - WINDOW_MS) / MINUTE) * MINUTE;
    const findings = await store.findings.list({ range: { from: cut - 3 * 3_600_000, to: at } });
    const baseline = baselineBefore(at - UNJUDGED_MS, incidentTimes(findings, at));
    const own = ownBaselines(at - UNJUDGED_MS, findings, at);
    const from = Math.min(cut - 1, ...baseline.map((r) => r.from));
    past = { readAt: at, cut, baseline, own, columns: await gatherColumns(store, { from, to: cut - 1 }) };
    return past;
  }

  async function once(): Promise<void> {
    const at = now();
    const started = performance.now();
    const before = await pastAt(at);
    const window = { from: before.cut, to: at };
    const gathered = await gather(store, window, before.baseline, before.columns, at - RECENT_MS);
    const evidence = { ...gathered, own: before.own };
    const windows = [
      { from: at - FRESH_MS, to: at },
      { from: at - RECENT_MS, to: at },
    ];
    const { detected } = await runDetectors(DETECTORS, evidence, windows, (detector, error) =>
      log.error('a detector failed', { detector: detector.id, error: String(error) }),
    );
    const open = await store.findings.list({ state: 'open' });
    const { kept, changed } = reconciler.step(detected, open, at);
    const explained = explain(kept, evidence.graph);
    const changes = new Set(changed.map((f) => f.id));
    const resolved = changed.filter((f) => f.state === 'resolved');
    const earlier = new Map(open.map((f) => [f.id, f]));
    const save = [
      ...explained.filter((f) => changes.has(f.id) || earlier.get(f.id)?.causedBy !== f.causedBy),
      ...resolved,
    ];
    if (save.length > 0 && store.writable()) await store.findings.save(save);
    tell(log, save, earlier);
    if (save.some((f) => f.state === 'resolved' || !earlier.has(f.id))) past = undefined;
    last = { at, tookMs: performance.now() - started, open: kept.length };
  }

  const run = (): Promise<void> => {
    running ??= once()
      .catch((error: unknown) => log.error('diagnosis run failed', { error: String(error) }))
      .finally(() => {
        running = undefined;
      });
    return running;
  };

  const timer = setInterval(() => {
    if (!running) void run();
  }, intervalMs);
  timer.unref();

  return {
    run,
    lastRun: () => last,
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}

function tell(log: Log, saved: readonly Finding[], earlier: ReadonlyMap<string, Finding>): void {
  for (const finding of saved) {
    if (finding.state === 'resolved') log.info('finding resolved', { id: finding.id, title: finding.title });
    else if (!earlier.has(finding.id)) log.info('finding opened', { id: finding.id, title: finding.title });
  }
}
