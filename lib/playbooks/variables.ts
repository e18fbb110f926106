import type { Finding } from '#lib/model/finding.ts';

/**
 * `name` may stand in a command that a person copies, `number` as well, `names` is a list of them (columns);
 * `text` is free text and never stands in a code block.
 */
export type VariableKind = 'name' | 'names' | 'number' | 'text';

export interface Variable {
  readonly kind: VariableKind;
  readonly meaning: string;
}

/** Every variable that a playbook may use. Detectors fill them in through `Finding.variables`. */
export const VARIABLES: ReadonlyMap<string, Variable> = new Map<string, Variable>([
  ['finding', { kind: 'name', meaning: 'id of the finding' }],
  ['service', { kind: 'name', meaning: 'service that is slow or failing' }],
  ['operation', { kind: 'text', meaning: 'operation of that service, e.g. GET /orders' }],
  ['instance', { kind: 'name', meaning: 'one process of the service' }],
  ['version', { kind: 'name', meaning: 'version that is running now' }],
  ['previousVersion', { kind: 'name', meaning: 'last version that was well' }],
  ['dependency', { kind: 'name', meaning: 'service or host that is called' }],
  ['database', { kind: 'name', meaning: 'database name' }],
  ['table', { kind: 'name', meaning: 'table that the statement reads or locks' }],
  ['columns', { kind: 'names', meaning: 'columns of the proposed index: equality, range, sort' }],
  ['index', { kind: 'name', meaning: 'name of the proposed index' }],
  ['statement', { kind: 'text', meaning: 'normalised text of the statement' }],
  ['fingerprint', { kind: 'name', meaning: 'id of the statement shape' }],
  ['traceId', { kind: 'name', meaning: 'a trace that shows it' }],
  ['repeats', { kind: 'number', meaning: 'times that the statement or call repeats in one request' }],
  ['blocker', { kind: 'text', meaning: 'statement that holds the lock' }],
  ['poolMax', { kind: 'number', meaning: 'connections that the pool may open now' }],
  ['poolSize', { kind: 'number', meaning: 'connections needed: measured rate × hold time, with headroom' }],
]);

/** What is known of a finding, by variable: its own `variables` first, then its subject and evidence. */
export function knownValues(finding: Finding | undefined): Map<string, string> {
  const known = new Map<string, string>();
  if (!finding) return known;
  const { subject } = finding;
  const add = (name: string, value: string | undefined): void => {
    if (value !== undefined && value !== '' && !known.has(name)) known.set(name, value);
  };
  for (const [name, value] of Object.entries(finding.variables)) add(name, value);
  add('finding', finding.id);
  add('service', subject.service);
  add('operation', subject.operation);
  add('instance', subject.instance);
  add('dependency', subject.dependency);
  add('database', subject.database);
  add('table', subject.table);
  add('traceId', finding.evidence.find((e) => e.traceId)?.traceId);
  add('fingerprint', finding.evidence.find((e) => e.fingerprint)?.fingerprint);
  return known;
}
