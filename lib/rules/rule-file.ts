import { z } from 'zod';
import { checkYaml } from '#lib/config/check.ts';
import { count, duration, labelMap, nonEmpty, positiveDuration } from '#lib/config/fields.ts';
import { ConfigError, type ConfigProblem } from '#lib/config/problem.ts';
import { section } from '#lib/config/section.ts';
import { parseYaml, type YamlSource } from '#lib/config/yaml-source.ts';
import { isFault } from '#lib/model/fault.ts';
import { type Labels, labelsKey } from '#lib/model/labels.ts';
import { valueType } from '#lib/query/promql/check.ts';
import { parse } from '#lib/query/promql/parse.ts';

interface AnyRule {
  readonly name: string;
  readonly expr: string;
  /** Those of the group, and over them the rule's own. */
  readonly labels: Labels;
}

export interface RecordingRuleSpec extends AnyRule {
  readonly kind: 'recording';
}

export interface AlertingRuleSpec extends AnyRule {
  readonly kind: 'alerting';
  readonly forMs: number;
  readonly keepFiringForMs: number;
  readonly annotations: Labels;
}

export interface RuleGroupSpec {
  readonly file: string;
  readonly name: string;
  readonly intervalMs: number;
  /** Series that one rule may give; 0 is no limit. */
  readonly limit: number;
  /** How far behind the clock the rules look. */
  readonly queryOffsetMs: number;
  readonly rules: readonly (RecordingRuleSpec | AlertingRuleSpec)[];
}

const rawRule = section({
  record: nonEmpty.optional(),
  alert: nonEmpty.optional(),
  expr: nonEmpty,
  for: duration.optional(),
  keep_firing_for: duration.optional(),
  labels: labelMap.optional(),
  annotations: labelMap.optional(),
});

const rawGroup = section({
  name: nonEmpty,
  interval: positiveDuration.optional(),
  limit: count.optional(),
  query_offset: duration.optional(),
  labels: labelMap.optional(),
  rules: z.array(z.unknown(), { error: 'must be a list' }).optional(),
});

const rawFile = section({ groups: z.array(z.unknown(), { error: 'must be a list' }).optional() });

type RawRule = z.infer<typeof rawRule>;
type Place = readonly PropertyKey[];

/**
 * Reads a Prometheus rule file.
 * @param defaults what the configuration's `global` section says
 * @throws ConfigError that names the line of every problem
 */
export function parseRuleFile(
  content: string,
  file: string,
  defaults: { readonly intervalMs: number; readonly queryOffsetMs: number },
): RuleGroupSpec[] {
  const source = parseYaml(content, file);
  if (source.value === undefined) return [];
  const problems = new Problems(source, file);
  const { groups = [] } = checkYaml(rawFile, source.value, { source, file });
  const names = new Set<string>();
  const specs: RuleGroupSpec[] = [];
  for (const [g, given] of groups.entries()) {
    const at: Place = ['groups', g];
    const group = problems.attempt(() => checkYaml(rawGroup, given, { source, file, at }));
    if (group === undefined) continue;
    if (names.has(group.name))
      problems.add([...at, 'name'], `group '${group.name}' stands twice in the file`);
    names.add(group.name);
    const rules = (group.rules ?? []).flatMap((rule, r) => {
      const place = [...at, 'rules', r];
      const raw = problems.attempt(() => checkYaml(rawRule, rule, { source, file, at: place }));
      return raw === undefined
        ? []
        : ruleSpec(raw, group.labels ?? [], (key, why) => problems.add([...place, key], why));
    });
    for (const [r, rule] of rules.entries()) {
      const identity = identityOf(rule);
      if (rules.findIndex((other) => identityOf(other) === identity) < r)
        problems.add([...at, 'rules', r], `'${rule.name}' stands twice in the group with the same labels`);
    }
    specs.push({
      file,
      name: group.name,
      intervalMs: group.interval ?? defaults.intervalMs,
      limit: group.limit ?? 0,
      queryOffsetMs: group.query_offset ?? defaults.queryOffsetMs,
      rules,
    });
  }
  problems.throwAny();
  return specs;
}

const identityOf = ({ kind, name, labels }: AnyRule & { readonly kind: string }): string =>
  `${kind} ${name} ${labelsKey(labels)}`;

function ruleSpec(
  raw: RawRule,
  groupLabels: Labels,
  problem: (key: string, why: string) => void,
): RuleGroupSpec['rules'][number][] {
  const name = raw.record ?? raw.alert;
  if (name === undefined || (raw.record !== undefined && raw.alert !== undefined)) {
    problem('record', "a rule has either 'record' or 'alert'");
    return [];
  }
  checkExpr(raw.expr, (why) => problem('expr', why));
  const own = new Set((raw.labels ?? []).map(([label]) => label));
  const labels = [...groupLabels.filter(([label]) => !own.has(label)), ...(raw.labels ?? [])];
  if (raw.record === undefined) {
    return [
      {
        kind: 'alerting',
        name,
        expr: raw.expr,
        labels,
        forMs: raw.for ?? 0,
        keepFiringForMs: raw.keep_firing_for ?? 0,
        annotations: raw.annotations ?? [],
      },
    ];
  }
  for (const key of ['for', 'keep_firing_for', 'annotations'] as const)
    if (raw[key] !== undefined) problem(key, `a recording rule has no '${key}'`);
  if (!isMetricName(name)) problem('record', `'${name.slice(0, 80)}' is not a metric name`);
  return [{ kind: 'recording', name, expr: raw.expr, labels }];
}

/** Any UTF-8 name is one, as in Prometheus 3, but for characters that PromQL itself is written with: mostly a slip. */
const isMetricName = (name: string): boolean => !/[{}[\]()"'\n]/.test(name);

function checkExpr(expr: string, problem: (why: string) => void): void {
  try {
    const type = valueType(parse(expr));
    if (type !== 'vector' && type !== 'scalar')
      problem(
        `the expression gives a ${type === 'matrix' ? 'range vector' : type}; a rule needs an instant vector or a scalar`,
      );
  } catch (error) {
    if (!isFault(error)) throw error;
    problem(error.message);
  }
}

class Problems {
  private readonly list: ConfigProblem[] = [];
  private readonly source: YamlSource;
  private readonly file: string;

  constructor(source: YamlSource, file: string) {
    this.source = source;
    this.file = file;
  }

  add(at: Place, message: string): void {
    this.list.push({ file: this.file, line: this.source.lineOf(at), message });
  }

  /** Collects what `run` complains of, so that a file's problems are told all at once. */
  attempt<T>(run: () => T): T | undefined {
    try {
      return run();
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      this.list.push(...error.problems);
      return undefined;
    }
  }

  throwAny(): void {
    if (this.list.length > 0) throw new ConfigError(this.list);
  }
}
