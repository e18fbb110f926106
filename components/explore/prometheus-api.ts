import { z } from 'zod';

const Answer = z.object({ status: z.literal('success'), data: z.unknown() });
const Refusal = z.object({ error: z.string() });

/** Asks the Prometheus API of this server; throws an Error with its words. */
export async function askPrometheus(path: string, form: Readonly<Record<string, string>>): Promise<unknown> {
  const response = await fetch(`/api/v1/${path}`, { method: 'POST', body: new URLSearchParams(form) });
  const body: unknown = await response.json().catch(() => undefined);
  const answer = Answer.safeParse(body);
  if (answer.success) return answer.data.data;
  const refusal = Refusal.safeParse(body);
  throw new Error(
    refusal.success ? refusal.data.error : `Chokepoint answered with status ${response.status}.`,
  );
}

/** The query in its canonical form. */
export async function formatQuery(query: string): Promise<string> {
  return z.string().parse(await askPrometheus('format_query', { query }));
}
