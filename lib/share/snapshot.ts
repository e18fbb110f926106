import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { Fault } from '#lib/model/fault.ts';
import { parseDuration, parseTimeRange } from '#lib/model/time-range.ts';
import { viewKey } from '#lib/show/view-key.ts';
import { runView } from '#lib/views/run.ts';
import type { ViewContext } from '#lib/views/view.ts';
import { matchPage, questionsOf, type ViewQuestion } from './page-views.ts';
import { hashToken, isTokenOf, newToken } from './tokens.ts';

/** Body of `POST /api/v1/snapshots`. */
export const SnapshotInput = z.strictObject({
  url: z.string().max(4000),
  title: z.string().trim().min(1).max(200).optional(),
  /** duration from now (`30d`) or ISO 8601; never when missing */
  expires: z.string().max(40).optional(),
});
export type SnapshotInput = z.infer<typeof SnapshotInput>;

/** What a snapshot keeps: every answer that the page asked for, under the key it asks with. */
export const SnapshotContent = z.object({
  pathname: z.string(),
  params: z.record(z.string(), z.string()),
  /** The page's query without its range. */
  search: z.string(),
  from: z.string(),
  to: z.string(),
  answers: z.record(z.string(), z.unknown()),
});
export type SnapshotContent = z.infer<typeof SnapshotContent>;

/** `30d` or a time → ms since the epoch. Throws a 400 Fault. */
export function parseExpiry(text: string | undefined, now: number): number | undefined {
  if (text === undefined) return undefined;
  const duration = parseDuration(text);
  const at = duration === undefined ? Date.parse(text) : now + duration;
  if (!Number.isFinite(at) || at <= now)
    throw new Fault(
      400,
      'bad-expiry',
      `'expires' is '${text}'; give a duration such as 30d or a time to come in ISO 8601`,
    );
  return at;
}

/**
 * Freezes a page: its relative range becomes absolute, every question it asks is answered now, and so are the
 * evidence and the playbook of each finding that those answers show.
 */
export async function createSnapshot(
  context: ViewContext,
  input: SnapshotInput,
): Promise<{ id: string; deleteKey: string }> {
  const url =
    input.url.startsWith('/') && !input.url.startsWith('//')
      ? URL.parse(input.url, 'http://chokepoint.invalid')
      : null;
  const match = url && matchPage(url.pathname);
  if (!url || !match)
    throw new Fault(
      400,
      'bad-page',
      `'url' is not a page that can be frozen: '${input.url.slice(0, 200)}'; give the path of a page with its query, e.g. /services/orders?from=now-1h&to=now`,
    );
  const range = parseTimeRange(url.searchParams.get('from'), url.searchParams.get('to'), context.now);
  const frozen = { from: String(Math.floor(range.from)), to: String(Math.ceil(range.to)) };
  const answers = new Map<string, unknown>();
  const ask = async (question: ViewQuestion): Promise<unknown> => {
    const key = viewKey(question.name, question.params);
    if (!answers.has(key)) answers.set(key, await runView(context, question.name, question.params));
    return answers.get(key);
  };
  for (const question of questionsOf(match, url.searchParams, frozen)) await ask(question);
  for (const finding of shownFindings([...answers.values()])) {
    await ask({ name: 'finding', params: { ...frozen, id: finding.id } });
    await ask({ name: 'playbook', params: { ...frozen, id: finding.playbook, finding: finding.id } });
  }
  url.searchParams.delete('from');
  url.searchParams.delete('to');
  const content: SnapshotContent = {
    pathname: url.pathname,
    params: { ...match.params },
    search: url.searchParams.toString(),
    ...frozen,
    answers: Object.fromEntries(answers),
  };
  const id = randomBytes(16).toString('base64url');
  const deleteKey = newToken();
  await context.store.share.saveSnapshot({
    id,
    title: input.title ?? [match.page.title, ...Object.values(match.params)].join(' '),
    url: `${url.pathname}${url.search}`,
    createdAt: context.now,
    expiresAt: parseExpiry(input.expires, context.now),
    deleteKeyHash: hashToken(deleteKey),
    content: JSON.stringify(content),
  });
  return { id, deleteKey };
}

const Shown = z.object({ id: z.string(), detector: z.string(), playbook: z.object({ id: z.string() }) });
/** A retrospective of an incident has a handful of causes; the rest would only make the copy heavy. */
const MAX_FINDINGS = 20;

/** Findings anywhere in the answers, by their shape: each view shows them in its own place. */
function shownFindings(answers: readonly unknown[]): { id: string; playbook: string }[] {
  const found = new Map<string, string>();
  const pending: unknown[] = [...answers];
  for (let value = pending.pop(); value !== undefined && found.size < MAX_FINDINGS; value = pending.pop()) {
    if (typeof value !== 'object' || value === null) continue;
    const finding = Shown.safeParse(value);
    if (finding.success) found.set(finding.data.id, finding.data.playbook.id);
    for (const inner of Object.values(value))
      if (typeof inner === 'object' && inner !== null) pending.push(inner);
  }
  return [...found].map(([id, playbook]) => ({ id, playbook }));
}

/** A snapshot that has not expired, with its content. Throws a 404 Fault. */
export async function openSnapshot(context: ViewContext, id: string) {
  const snapshot = /^[A-Za-z0-9_-]{22}$/.test(id) ? await context.store.share.snapshot(id) : undefined;
  if (!snapshot || (snapshot.expiresAt !== undefined && snapshot.expiresAt <= context.now))
    throw new Fault(
      404,
      'snapshot-not-found',
      'there is no snapshot under this link: it was deleted, has expired, or the link is not whole',
    );
  return { ...snapshot, content: SnapshotContent.parse(JSON.parse(snapshot.content)) };
}

/** Deletes with the key that its maker was given. Throws 404 or 403. */
export async function deleteSnapshot(context: ViewContext, id: string, deleteKey: string): Promise<void> {
  const snapshot = await openSnapshot(context, id);
  if (!isTokenOf(deleteKey, snapshot.deleteKeyHash))
    throw new Fault(
      403,
      'wrong-delete-key',
      'this is not the delete key of that snapshot; use the one shown when it was made',
    );
  await context.store.share.deleteSnapshot(id);
}
