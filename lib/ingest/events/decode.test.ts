import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isFault } from '#lib/model/fault.ts';
import { decodeEvents } from './decode.ts';

const NOW = 1_700_000_000_000;
const decode = (json: string) => {
  let n = 0;
  return decodeEvents(JSON.parse(json), NOW, () => `id-${n++}`);
};

test('a full event', () => {
  const { events, problems } = decode(
    `{"kind":"deploy","service":"checkout","version":"1.4.2","at":"2026-11-20T10:00:00+01:00","title":"Deploy",
      "url":"https://ci.example/1","attributes":{"commit":"abc","lines":12,"hotfix":true}}`,
  );
  expect(problems).toEqual([]);
  expect(events).toEqual([
    {
      id: 'id-0',
      kind: 'deploy',
      service: 'checkout',
      version: '1.4.2',
      at: Date.UTC(2026, 10, 20, 9),
      title: 'Deploy',
      url: 'https://ci.example/1',
      attributes: [
        ['commit', 'abc'],
        ['lines', 12],
        ['hotfix', true],
      ],
    },
  ]);
});

test('what is missing gets its default, and an id of its own', () => {
  const [first, second] = decodeEvents(
    [
      { kind: 'note', title: 'a' },
      { kind: 'note', title: 'b' },
    ],
    NOW,
  ).events;
  expect(first).toEqual({
    id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f-]{27}$/),
    kind: 'note',
    service: '',
    version: '',
    at: NOW,
    title: 'a',
    url: '',
    attributes: [],
  });
  expect(second?.id).not.toBe(first?.id);
});

test('keys that touch prototypes are attributes like any other', () => {
  const { events } = decode('{"kind":"note","title":"x","attributes":{"__proto__":"p","constructor":"c"}}');
  expect(events[0]?.attributes).toEqual([
    ['__proto__', 'p'],
    ['constructor', 'c'],
  ]);
  expect(Object.getPrototypeOf({})).toBe(Object.prototype);
});

describe('bad ones are named by place and field, good ones are kept', () => {
  test.each([
    ['{"kind":"party","title":"x"}', 'event 1: kind:'],
    ['{"kind":"note"}', 'event 1: title:'],
    ['{"kind":"note","title":""}', 'event 1: title:'],
    ['{"kind":"note","title":"x","at":"yesterday"}', 'event 1: at:'],
    ['{"kind":"note","title":"x","at":-1}', 'event 1: at:'],
    ['{"kind":"note","title":"x","at":1e300}', 'event 1: at:'],
    ['{"kind":"note","title":"x","url":"javascript:alert(1)"}', 'event 1: url:'],
    ['{"kind":"note","title":"x","attributes":{"a":{"b":1}}}', 'event 1: attributes.a:'],
    ['{"kind":"note","title":"x","attributes":{"__proto__":{"b":1}}}', 'event 1: attributes.__proto__:'],
    ['{"kind":"note","title":"x","titel":"y"}', 'event 1: the body: Unrecognized key: "titel"'],
    ['null', 'event 1: the body:'],
    ['[]', 'event 1: the body:'],
    ['7', 'event 1: the body:'],
  ])('%s', (bad, message) => {
    const { events, problems } = decode(`[{"kind":"note","title":"good"},${bad}]`);
    expect(events.map((e) => e.title)).toEqual(['good']);
    expect(problems).toEqual([{ index: 1, message: expect.stringContaining(message) }]);
  });

  test('none good is a 400 with an example', () => {
    expect(() => decode('[{"kind":"note"},5]')).toThrow(
      expect.objectContaining({
        status: 400,
        code: 'bad-event',
        message: expect.stringMatching(/^event 0: title: .* an event looks like \{"kind":"deploy"/),
      }),
    );
  });

  test('an empty list is fine, a huge one is not', () => {
    expect(decode('[]').events).toEqual([]);
    expect(() => decodeEvents(new Array(1001).fill({ kind: 'note', title: 'x' }), NOW)).toThrow(
      '1001 events',
    );
  });
});

test('any JSON gives events or a Fault', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (body) => {
      try {
        expect(decodeEvents(body, NOW).events.length).toBeGreaterThanOrEqual(0);
      } catch (error) {
        expect(isFault(error) && error.status).toBe(400);
      }
    }),
  );
});
