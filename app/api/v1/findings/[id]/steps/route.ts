import { z } from 'zod';
import { route } from '#app/handle-route.ts';
import { readJson } from '#lib/http/body.ts';
import { json } from '#lib/http/fault-response.ts';
import { parseInput } from '#lib/http/parse-input.ts';
import { Fault } from '#lib/model/fault.ts';
import { fillPlaybook } from '#lib/playbooks/fill.ts';
import { loadPlaybooks } from '#lib/playbooks/load.ts';

const StepInput = z.strictObject({ step: z.string().min(1).max(64), done: z.boolean() });

/** Checks a step of a finding's playbook off, or on again. */
export const POST = route({ name: 'finding_steps' }, async ({ request, params, runtime }) => {
  const input = parseInput(StepInput, await readJson(request));
  const finding = await runtime.store.findings.get(params.id ?? '');
  if (!finding)
    throw new Fault(
      404,
      'finding-not-found',
      `no finding ${params.id}: it never was, or its retention has passed; list those there are with /api/v1/findings`,
    );
  const playbook = loadPlaybooks().find((each) => each.id === finding.playbook.id);
  const known = playbook ? fillPlaybook(playbook, finding).steps : [];
  if (!known.some((step) => step.id === input.step))
    throw new Fault(
      404,
      'unknown-step',
      `playbook '${finding.playbook.id}' has no step '${input.step}'; reload the page, the playbook has changed`,
    );
  const state = { findingId: finding.id, ...input, at: Date.now() };
  await runtime.store.steps.set(state);
  return json(state);
});
