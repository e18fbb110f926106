import { Fault } from '#lib/model/fault.ts';
import type { RuleGroup } from '#lib/model/rule-state.ts';
import type { TimeRange } from '#lib/model/time-range.ts';
import type { Log } from '#lib/platform/log.ts';
import { type BackfillProgress, backfill } from './backfill.ts';
import { GroupRunner, phaseOf, type RuleIo } from './group-runner.ts';
import type { RuleGroupSpec } from './rule-file.ts';

export interface RuleManagerOptions extends RuleIo {
  readonly log: Log;
  readonly now: () => number;
}

interface Scheduled {
  runner: GroupRunner;
  timer: NodeJS.Timeout | undefined;
  running: Promise<void> | undefined;
}

/** Evaluates each group at its own times. What a slow group misses is skipped and told, never made up for in a heap. */
export class RuleManager {
  private readonly options: RuleManagerOptions;
  private groups: Scheduled[] = [];
  private stopped = false;
  private backfilling = false;

  constructor(options: RuleManagerOptions) {
    this.options = options;
  }

  /** Takes new groups in place of those before; series of rules that are gone end here. */
  async load(specs: readonly RuleGroupSpec[]): Promise<void> {
    const before = this.groups;
    await this.halt(before);
    const at = this.options.now();
    const byId = new Map(before.map(({ runner }) => [idOf(runner.spec), runner]));
    const after = new Map(specs.map((spec) => [idOf(spec), spec]));
    for (const [id, runner] of byId) {
      await runner.end(at, after.get(id)).catch((error: unknown) => {
        this.options.log.warn('series of removed rules could not be ended', { error: String(error) });
      });
    }
    this.groups = specs.map((spec) => ({
      runner: new GroupRunner(spec, this.options, byId.get(idOf(spec))),
      timer: undefined,
      running: undefined,
    }));
    for (const group of this.groups) this.schedule(group, at);
  }

  state(): RuleGroup[] {
    return this.groups.map(({ runner }) => runner.state());
  }

  /**
   * Records the past of the loaded groups.
   * @param name of a group; all when undefined
   * @throws Fault 404 `no-such-group`, 409 `backfill-running`
   */
  async *backfill(range: TimeRange, name?: string): AsyncGenerator<BackfillProgress> {
    const specs = this.groups
      .map(({ runner }) => runner.spec)
      .filter((spec) => name === undefined || spec.name === name);
    if (specs.length === 0)
      throw new Fault(
        404,
        'no-such-group',
        name === undefined
          ? 'no rules are loaded: name rule files under rule_files of the configuration (CHOKEPOINT_CONFIG)'
          : `no loaded rule group is called '${name}'; GET /api/v1/rules lists them`,
      );
    if (this.backfilling)
      throw new Fault(409, 'backfill-running', 'a backfill is under way; start another one when it is done');
    this.backfilling = true;
    try {
      for (const spec of specs) yield* backfill(spec, this.options, range, phaseOf(spec));
    } finally {
      this.backfilling = false;
    }
  }

  /** Ends no series: the next start goes on with them. */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.halt(this.groups);
  }

  private async halt(groups: readonly Scheduled[]): Promise<void> {
    for (const { timer } of groups) clearTimeout(timer);
    await Promise.all(groups.map(({ running }) => running));
    for (const { timer } of groups) clearTimeout(timer);
  }

  private schedule(group: Scheduled, after: number): void {
    if (this.stopped) return;
    const { spec } = group.runner;
    const phase = phaseOf(spec);
    const due = Math.floor((after - phase) / spec.intervalMs + 1) * spec.intervalMs + phase;
    const wait = Math.max(0, due - this.options.now());
    group.timer = setTimeout(() => {
      group.running = this.evaluate(group, due).finally(() => {
        group.running = undefined;
      });
    }, wait);
    group.timer.unref();
  }

  private async evaluate(group: Scheduled, due: number): Promise<void> {
    const { runner } = group;
    await runner.evaluate(due);
    const now = this.options.now();
    const missed = Math.floor((now - due) / runner.spec.intervalMs);
    if (missed > 0)
      this.options.log.warn('a rule group takes longer than its interval', {
        group: runner.spec.name,
        file: runner.spec.file,
        missed,
      });
    // A reload in the meantime has its own schedule.
    if (this.groups.includes(group)) this.schedule(group, Math.max(due, now));
  }
}

const idOf = ({ file, name }: RuleGroupSpec): string => JSON.stringify([file, name]);
