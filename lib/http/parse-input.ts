import type { z } from 'zod';
import { Fault } from '#lib/model/fault.ts';

/** Checks outside input against its schema. Throws a 400 Fault that names each field and what is wrong with it. */
export function parseInput<T>(schema: z.ZodType<T>, input: unknown): T {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues
    .slice(0, 5)
    .map((issue) => `${issue.path.length ? `'${issue.path.join('.')}' ` : ''}${issue.message}`);
  throw new Fault(400, 'bad-input', problems.join('; '), {
    details: parsed.error.issues.slice(0, 20).map(({ path, message }) => ({ path: path.join('.'), message })),
  });
}
