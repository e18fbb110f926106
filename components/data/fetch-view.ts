import { z } from 'zod';
import { type ViewParams, viewQuery } from '#lib/show/view-key.ts';

/** What the server said went wrong, in words for the reader. `status` is 0 when it could not be reached. */
export class ViewError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.name = 'ViewError';
    this.status = status;
    this.code = code;
  }
}

const ErrorBody = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

/** Fetches JSON of our own API; throws `ViewError`. */
export async function fetchJson(url: string, init?: RequestInit): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(url, { ...init, headers: { accept: 'application/json', ...init?.headers } });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ViewError(
      0,
      'unreachable',
      'Chokepoint did not answer. Check that it runs and that you are online.',
    );
  }
  const body: unknown = await response.json().catch(() => undefined);
  if (response.ok) return body;
  const said = ErrorBody.safeParse(body);
  throw said.success
    ? new ViewError(response.status, said.data.error.code, said.data.error.message)
    : new ViewError(response.status, 'http-error', `Chokepoint answered with status ${response.status}.`);
}

export function fetchView(name: string, params: ViewParams, signal?: AbortSignal): Promise<unknown> {
  return fetchJson(`/api/ui/${name}?${viewQuery(params)}`, signal ? { signal } : undefined);
}
