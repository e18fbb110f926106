import { randomUUID } from 'node:crypto';
import type { ChangeEvent } from '#lib/model/event.ts';
import { ChangeEventInput } from '#lib/model/event.ts';
import { Fault } from '#lib/model/fault.ts';
import { quote } from '../rejection.ts';

/** Most events one body may hold. */
const MAX_EVENTS = 1000;
const MAX_ATTRIBUTES = 64;

export interface EventProblem {
  /** Place in the list; 0 for a single event. */
  readonly index: number;
  /** Names the field. */
  readonly message: string;
}

export interface DecodedEvents {
  readonly events: readonly ChangeEvent[];
  readonly problems: readonly EventProblem[];
}

/**
 * @param body parsed JSON: one event or a list
 * @param now ms since the epoch; the time of events that tell none
 * @throws Fault 400 `bad-event` when not one of them is good
 */
export function decodeEvents(body: unknown, now: number, newId: () => string = randomUUID): DecodedEvents {
  const list = Array.isArray(body) ? (body as unknown[]) : [body];
  if (list.length > MAX_EVENTS)
    throw new Fault(400, 'too-many-events', `${list.length} events in one body; send at most ${MAX_EVENTS}`);
  const events: ChangeEvent[] = [];
  const problems: EventProblem[] = [];
  for (const [index, input] of list.entries()) {
    const event = decodeEvent(input, now, newId);
    if (typeof event === 'string') problems.push({ index, message: `event ${index}: ${event}` });
    else events.push(event);
  }
  const first = problems[0];
  if (first !== undefined && events.length === 0)
    throw new Fault(
      400,
      'bad-event',
      `${first.message}; an event looks like {"kind":"deploy","service":"checkout","version":"1.4.2","title":"Deploy 1.4.2"}`,
      { details: problems.slice(0, 20) },
    );
  return { events, problems };
}

/** The event, or what is wrong with it. */
function decodeEvent(input: unknown, now: number, newId: () => string): ChangeEvent | string {
  const parsed = ChangeEventInput.safeParse(input);
  if (!parsed.success) {
    return parsed.error.issues
      .slice(0, 3)
      .map(
        (issue) => `${issue.path.length ? issue.path.join('.').slice(0, 200) : 'the body'}: ${issue.message}`,
      )
      .join('; ');
  }
  const { kind, service = '', version = '', at = now, title, url = '' } = parsed.data;
  const attributes = attributesOf(input);
  if (attributes === undefined)
    return 'attributes.__proto__: must be a text of at most 2000 characters, a number or a boolean';
  if (attributes.length > MAX_ATTRIBUTES)
    return `attributes: ${attributes.length} of them, at most ${MAX_ATTRIBUTES} are taken`;
  const time = typeof at === 'number' ? at : Date.parse(at);
  if (!(time <= 8.64e15)) return `at: ${quote(String(at))} is no time in milliseconds since the epoch`;
  return { id: newId(), kind, service, version, at: time, title, url, attributes };
}

/**
 * From the input, not from what zod made of it: zod passes over a key called `__proto__`, so that one is neither
 * checked nor kept. Undefined when its value is none that an attribute may have.
 */
function attributesOf(input: unknown): ChangeEvent['attributes'] | undefined {
  const given = (input as { attributes?: Record<string, unknown> }).attributes ?? {};
  const pairs: [string, string | number | boolean][] = [];
  for (const [key, value] of Object.entries(given)) {
    const isText = typeof value === 'string' && value.length <= 2000;
    if (!isText && typeof value !== 'number' && typeof value !== 'boolean') return undefined;
    pairs.push([key, value]);
  }
  return pairs;
}
