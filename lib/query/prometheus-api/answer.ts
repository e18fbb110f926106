import { nextTurn } from '#lib/store/next-turn.ts';

export interface Notes {
  readonly warnings?: readonly string[];
  readonly infos?: readonly string[];
}

/** Text that leaves in one piece: larger ones would make a slow reader's memory ours. */
const PIECE = 64 * 1024;
/** Writing an answer gives way to ingest and pages after this long. */
const SLICE_MS = 10;

const HEADERS = { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' };

/** A `success` answer around data that is already JSON: at once when it is small, else as it is made. */
export function streamed(data: Iterable<string>, notes: Notes = {}): Response {
  const parts = whole(data, notes)[Symbol.iterator]();
  const first = nextPiece(parts);
  if (first.last) return new Response(first.text, { headers: HEADERS });
  const encoder = new TextEncoder();
  let pending: Piece | undefined = first;
  let since = performance.now();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (performance.now() - since > SLICE_MS) {
        await nextTurn();
        since = performance.now();
      }
      const { text, last } = pending ?? nextPiece(parts);
      pending = undefined;
      if (text !== '') controller.enqueue(encoder.encode(text));
      if (last) controller.close();
    },
  });
  return new Response(body, { headers: HEADERS });
}

export function success(data: unknown, notes: Notes = {}): Response {
  return streamed([JSON.stringify(data)], notes);
}

interface Piece {
  readonly text: string;
  readonly last: boolean;
}

function nextPiece(parts: Iterator<string>): Piece {
  let text = '';
  while (text.length < PIECE) {
    const next = parts.next();
    if (next.done) return { text, last: true };
    text += next.value;
  }
  return { text, last: false };
}

function* whole(data: Iterable<string>, { warnings = [], infos = [] }: Notes): Generator<string> {
  yield '{"status":"success","data":';
  yield* data;
  if (warnings.length) yield `,"warnings":${JSON.stringify(warnings)}`;
  if (infos.length) yield `,"infos":${JSON.stringify(infos)}`;
  yield '}';
}

/** There may be a million items: as text in one go they would hold the event loop for seconds. */
export function* listOf<T>(items: readonly T[], toJson: (item: T) => unknown): Generator<string> {
  let before = '[';
  for (const item of items) {
    yield before + JSON.stringify(toJson(item));
    before = ',';
  }
  yield before === '[' ? '[]' : ']';
}
