import { route } from '#app/handle-route.ts';
import { Fault } from '#lib/model/fault.ts';
import { requiredTime, timeParam } from '#lib/query/prometheus-api/params.ts';
import { backfillAnswer } from '#lib/rules/backfill-answer.ts';

/** Records the past of loaded recording rules: `start` and `end` (now) as in the query API, `group` (all). Answers a line of JSON a step. */
export const POST = route({ name: 'backfill_rules' }, async ({ form, runtime }) => {
  if (runtime.backfillRules === undefined)
    throw new Fault(
      404,
      'no-rules',
      'no configuration is loaded; set CHOKEPOINT_CONFIG to a file with rule_files',
    );
  const fields = await form();
  const range = { from: requiredTime(fields, 'start'), to: timeParam(fields, 'end') ?? Date.now() };
  return backfillAnswer(runtime.backfillRules(range, fields.get('group') || undefined));
});
