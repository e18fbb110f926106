import { isFault } from '#lib/model/fault.ts';
import type { BackfillProgress } from './backfill.ts';

const encoder = new TextEncoder();
const line = (value: unknown): Uint8Array<ArrayBuffer> => encoder.encode(`${JSON.stringify(value)}\n`);

/**
 * Progress as lines of JSON, one a step, as it comes; a last line `{"error": …}` where it broke off. What was
 * recorded until then stays. Rejects when the first step cannot be made. Stops when the client goes away.
 */
export async function backfillAnswer(steps: AsyncGenerator<BackfillProgress>): Promise<Response> {
  const first = await steps.next();
  let next: IteratorResult<BackfillProgress> | undefined = first;
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      try {
        const { done, value } = next ?? (await steps.next());
        next = undefined;
        if (done) controller.close();
        else controller.enqueue(line(value));
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        controller.enqueue(
          line({ error: { code: isFault(error) ? error.code : 'backfill-failed', message } }),
        );
        controller.close();
      }
    },
    async cancel() {
      await steps.return(undefined);
    },
  });
  return new Response(body, { headers: { 'content-type': 'application/x-ndjson' } });
}
