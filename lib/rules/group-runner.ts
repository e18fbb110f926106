import { createHash } from 'node:crypto';
import { METRIC_NAME } from '#lib/model/labels.ts';
import type { SeriesRef } from '#lib/model/metrics.ts';
import type { RuleGroup } from '#lib/model/rule-state.ts';
import { instantQuery } from '#lib/query/promql/engine.ts';
import type { Appender, MetricReader } from '#lib/store/store.ts';
import { distinct, Recording, recordedLabels } from './recorded.ts';
import type { AlertingRuleSpec, RecordingRuleSpec, RuleGroupSpec } from './rule-file.ts';

export interface RuleIo {
  readonly source: Pick<MetricReader, 'select'>;
  readonly append: Appender['appendMetrics'];
}

interface RuleRun {
  health: 'ok' | 'err' | 'unknown';
  lastError: string;
  lastEvaluation: number | undefined;
  evaluationMs: number;
  /** Series that the last evaluation gave, by key. */
  series: Map<string, SeriesRef>;
}

/** How long after the last multiple of its interval a group is due: groups spread out, and keep their place over restarts. */
export function phaseOf({ file, name, intervalMs }: RuleGroupSpec): number {
  const digest = createHash('sha1').update(`${file};${name}`).digest();
  return digest.readUInt32LE(0) % intervalMs;
}

/** Evaluates the rules of one group, one after the other, as later rules may read what earlier ones record. */
export class GroupRunner {
  readonly spec: RuleGroupSpec;
  private readonly io: RuleIo;
  private readonly runs: RuleRun[];
  private lastEvaluation: number | undefined;
  private evaluationMs = 0;

  /** @param before the runner of the same group before a reload: its series go on, or end, here */
  constructor(spec: RuleGroupSpec, io: RuleIo, before?: GroupRunner) {
    this.spec = spec;
    this.io = io;
    this.runs = spec.rules.map((rule) => before?.runOf(rule) ?? newRun());
  }

  /** @param at ms since the epoch, a time at which the group is due */
  async evaluate(at: number): Promise<void> {
    const started = performance.now();
    for (const [i, rule] of this.spec.rules.entries()) {
      const run = this.runs[i];
      if (run !== undefined && rule.kind === 'recording') await this.record(rule, run, at);
    }
    this.lastEvaluation = at;
    this.evaluationMs = performance.now() - started;
  }

  /** Marks the end of every series whose rule is not in `after` any more. */
  async end(at: number, after?: RuleGroupSpec): Promise<void> {
    const kept = new Set(after?.rules.map(identity));
    const recording = new Recording();
    for (const [i, rule] of this.spec.rules.entries()) {
      if (kept.has(identity(rule))) continue;
      for (const series of this.runs[i]?.series.values() ?? []) recording.add(series, [{ timestamp: at }]);
    }
    if (recording.size > 0) await this.io.append(recording.batch());
  }

  state(): RuleGroup {
    const { name, file, intervalMs, limit, rules } = this.spec;
    return {
      name,
      file,
      intervalMs,
      limit,
      lastEvaluation: this.lastEvaluation,
      evaluationMs: this.evaluationMs,
      rules: rules.map((rule, i) => {
        const { health, lastError, lastEvaluation, evaluationMs } = this.runs[i] ?? newRun();
        const common = {
          name: rule.name,
          query: rule.expr,
          labels: rule.labels,
          health,
          lastError,
          lastEvaluation,
          evaluationMs,
        };
        if (rule.kind === 'recording') return { kind: 'recording', ...common };
        const { forMs, keepFiringForMs, annotations } = rule;
        return {
          kind: 'alerting',
          ...common,
          state: 'inactive',
          forMs,
          keepFiringForMs,
          annotations,
          alerts: [],
        };
      }),
    };
  }

  private runOf(rule: RecordingRuleSpec | AlertingRuleSpec): RuleRun | undefined {
    const wanted = identity(rule);
    return this.runs[this.spec.rules.findIndex((own) => identity(own) === wanted)];
  }

  private async record(rule: RecordingRuleSpec, run: RuleRun, at: number): Promise<void> {
    const started = performance.now();
    const recording = new Recording();
    const series = new Map<string, SeriesRef>();
    try {
      const timeMs = at - this.spec.queryOffsetMs;
      for (const { ref, value, histogram } of await this.result(rule, timeMs)) {
        series.set(ref.key, ref);
        recording.add(ref, [{ timestamp: timeMs, value, histogram }]);
      }
      this.endMissing(run, series, recording, timeMs);
      if (recording.size > 0) await this.io.append(recording.batch());
      run.health = 'ok';
      run.lastError = '';
      run.series = series;
    } catch (error) {
      run.health = 'err';
      run.lastError = error instanceof Error ? error.message : String(error);
    }
    run.lastEvaluation = at;
    run.evaluationMs = performance.now() - started;
  }

  private async result(rule: RecordingRuleSpec, timeMs: number) {
    const { data } = await instantQuery(this.io.source, rule.expr, { timeMs });
    const elements =
      data.type === 'vector'
        ? data.elements
        : [{ labels: [], value: data.type === 'scalar' ? data.value : Number.NaN, histogram: undefined }];
    const { limit } = this.spec;
    if (limit > 0 && elements.length > limit)
      throw new Error(
        `'${rule.name}' gives ${elements.length} series, the group's limit is ${limit}: none was recorded`,
      );
    const found = elements.map(({ labels, value, histogram }) => ({
      ref: recordedLabels(labels, rule),
      value,
      histogram,
    }));
    distinct(
      found.map(({ ref }) => ref),
      rule,
    );
    return found;
  }

  private endMissing(
    run: RuleRun,
    now: ReadonlyMap<string, SeriesRef>,
    recording: Recording,
    timestamp: number,
  ): void {
    for (const [key, series] of run.series) if (!now.has(key)) recording.add(series, [{ timestamp }]);
  }
}

const newRun = (): RuleRun => ({
  health: 'unknown',
  lastError: '',
  lastEvaluation: undefined,
  evaluationMs: 0,
  series: new Map(),
});

const identity = ({ kind, name, labels }: RecordingRuleSpec | AlertingRuleSpec): string =>
  JSON.stringify([kind, name, labels.filter(([label]) => label !== METRIC_NAME)]);
