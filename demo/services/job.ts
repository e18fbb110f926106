import { SpanStatusCode, trace } from '@opentelemetry/api';
import type { FaultName } from '../faults.ts';
import { onFaults, say } from '../lifecycle.ts';

/** Repeats `round`, each in a trace of its own, while a fault is on; `workers` of them side by side. */
export function whileOn(
  fault: FaultName,
  workers: number,
  name: string,
  round: (stopped: AbortSignal) => Promise<void>,
): void {
  const tracer = trace.getTracer('shop-jobs');
  let running: AbortController | undefined;

  const traced = (signal: AbortSignal): Promise<void> =>
    tracer.startActiveSpan(name, async (span) => {
      try {
        await round(signal);
      } catch (error) {
        if (signal.aborted) return;
        const message = error instanceof Error ? error.message : String(error);
        span.setStatus({ code: SpanStatusCode.ERROR, message });
        say(`${name} failed: ${message}`);
      } finally {
        span.end();
      }
    });

  onFaults((isOn) => {
    if (!isOn(fault)) {
      running?.abort();
      running = undefined;
    } else if (!running) {
      const started = new AbortController();
      running = started;
      for (let i = 0; i < workers; i++) {
        void (async () => {
          while (!started.signal.aborted) await traced(started.signal);
        })();
      }
    }
  });
}
