import { peer } from '../lifecycle.ts';
import { HttpProblem } from './serve.ts';

/** Calls another service of the shop and gives its JSON; a failure there becomes a 502 here. */
export async function call(
  service: string,
  method: 'GET' | 'POST',
  path: string,
  body?: unknown,
): Promise<unknown> {
  const to = peer(service);
  if (!to) throw new HttpProblem(503, `${service} is not running yet`);
  let response: Response;
  try {
    response = await fetch(to.url + path, {
      method,
      signal: AbortSignal.timeout(10_000),
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
  } catch (error) {
    throw new HttpProblem(
      502,
      `${service} did not answer: ${error instanceof Error ? error.message : error}`,
    );
  }
  const answer = (await response.json()) as unknown;
  if (response.status === 404) throw new HttpProblem(404, `${service} does not know ${path}`);
  if (!response.ok) throw new HttpProblem(502, `${service} answered ${response.status} to ${method} ${path}`);
  return answer;
}
