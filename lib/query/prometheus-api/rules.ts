import { labelsObject } from '#lib/model/labels.ts';
import type { ActiveAlert, AlertingRule, RecordingRule, RuleGroup } from '#lib/model/rule-state.ts';
import { badRequest } from '../promql/fault.ts';
import { success } from './answer.ts';
import { timeText } from './duration-text.ts';
import { selectorParam } from './params.ts';
import { satisfiesAll } from './satisfies.ts';

/** `/api/v1/rules`: `type`, `rule_name[]`, `rule_group[]`, `file[]`, `match[]`, `exclude_alerts`, and pages of groups. */
export function rules(form: URLSearchParams, groups: readonly RuleGroup[] = []): Response {
  const type = form.get('type') ?? '';
  if (!['', 'alert', 'record'].includes(type))
    throw badRequest(`invalid parameter "type": not supported value "${type}"; give alert or record`);
  const named = (name: string): ((value: string) => boolean) => {
    const wanted = form.getAll(name);
    return (value) => wanted.length === 0 || wanted.includes(value);
  };
  const [ofName, ofGroup, ofFile] = [named('rule_name[]'), named('rule_group[]'), named('file[]')];
  const selectors = form.getAll('match[]').map((text) => selectorParam('match[]', text));
  const withAlerts = !isTrue(form.get('exclude_alerts'));
  const shown = groups
    .filter((group) => ofGroup(group.name) && ofFile(group.file))
    .map((group) => ({
      group,
      rules: group.rules.filter(
        (rule) =>
          (type === '' || (type === 'alert') === (rule.kind === 'alerting')) &&
          ofName(rule.name) &&
          (selectors.length === 0 || selectors.some((matchers) => satisfiesAll(rule.labels, matchers))),
      ),
    }))
    .filter(({ group, rules: kept }) => kept.length > 0 || group.rules.length === 0)
    .map(({ group, rules: kept }) => ({
      name: group.name,
      file: group.file,
      rules: kept.map((rule) =>
        rule.kind === 'alerting' ? alertingRule(rule, withAlerts) : recordingRule(rule),
      ),
      interval: group.intervalMs / 1000,
      limit: group.limit,
      evaluationTime: group.evaluationMs / 1000,
      lastEvaluation: timeText(group.lastEvaluation),
    }));
  return success(page(form, shown));
}

/** `group_limit` and `group_next_token`: a token is the file and name of the first group of the next page. */
function page<G extends { name: string; file: string }>(
  form: URLSearchParams,
  groups: readonly G[],
): { groups: readonly G[]; groupNextToken?: string } {
  const limit = form.get('group_limit');
  const token = form.get('group_next_token');
  if (limit === null) {
    if (token !== null)
      throw badRequest('invalid parameter "group_limit": it needs to be given with group_next_token');
    return { groups };
  }
  if (!/^[1-9]\d{0,8}$/.test(limit))
    throw badRequest('invalid parameter "group_limit": it needs to be a number greater than 0');
  const from = token === null ? 0 : groups.findIndex((group) => tokenOf(group) === token);
  if (from < 0)
    throw badRequest(
      'invalid parameter "group_next_token": the groups have changed; begin with the first page',
    );
  const next = groups[from + Number(limit)];
  return {
    groups: groups.slice(from, from + Number(limit)),
    ...(next ? { groupNextToken: tokenOf(next) } : {}),
  };
}

function tokenOf({ name, file }: { name: string; file: string }): string {
  return Buffer.from(`${file};${name}`).toString('base64url');
}

function isTrue(text: string | null): boolean {
  return text !== null && /^(?:1|t|true)$/i.test(text);
}

function common({
  name,
  query,
  labels,
  health,
  lastError,
  evaluationMs,
  lastEvaluation,
}: RecordingRule | AlertingRule) {
  return {
    name,
    query,
    labels: labelsObject(labels),
    health,
    ...(lastError === '' ? {} : { lastError }),
    evaluationTime: evaluationMs / 1000,
    lastEvaluation: timeText(lastEvaluation),
  };
}

function recordingRule(rule: RecordingRule): unknown {
  return { ...common(rule), type: 'recording' };
}

function alertingRule(rule: AlertingRule, withAlerts: boolean): unknown {
  return {
    state: rule.state,
    ...common(rule),
    duration: rule.forMs / 1000,
    keepFiringFor: rule.keepFiringForMs / 1000,
    annotations: labelsObject(rule.annotations),
    alerts: withAlerts ? rule.alerts.map(alert) : [],
    type: 'alerting',
  };
}

/** `/api/v1/alerts`: all alerts that are pending or firing. */
export function alerts(groups: readonly RuleGroup[] = []): Response {
  const active = groups.flatMap((group) =>
    group.rules.flatMap((rule) => (rule.kind === 'alerting' ? rule.alerts : [])),
  );
  return success({ alerts: active.map(alert) });
}

function alert({ labels, annotations, state, activeAt, keepFiringSince, value }: ActiveAlert): unknown {
  return {
    labels: labelsObject(labels),
    annotations: labelsObject(annotations),
    state,
    activeAt: timeText(activeAt),
    ...(keepFiringSince === undefined ? {} : { keepFiringSince: timeText(keepFiringSince) }),
    value: exponential(value),
  };
}

/** As Go's `FormatFloat(v, 'e', -1, 64)`, which is how alerts print their value. */
function exponential(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  return `${Object.is(value, -0) ? '-' : ''}${value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2')}`;
}
