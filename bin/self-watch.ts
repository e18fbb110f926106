import type { Runtime } from '#app/runtime.ts';
import { parseExposition } from '#lib/ingest/prometheus-text/parse.ts';
import { labelsKey, makeLabels } from '#lib/model/labels.ts';
import type { MetricBatch } from '#lib/model/metrics.ts';

const EVERY_MS = 10_000;

/** The same batch with labels added to every series, as a scraper adds its target's. */
function withTarget(batch: MetricBatch, job: string, instance: string): MetricBatch {
  const series = batch.series.map((ref) => {
    const labels = makeLabels([...ref.labels, ['job', job], ['instance', instance], ['service', job]]);
    return { labels, key: labelsKey(labels), handle: -1 };
  });
  return { ...batch, series };
}

/** Chokepoint as its own first customer: its metrics and request spans go through its own ingest. */
export function startSelfWatch(runtime: Runtime, instance: string): () => Promise<void> {
  const observe = async (): Promise<void> => {
    const stats = await runtime.store.stats();
    runtime.self.storeBytes(stats.bytes);
    const text = await runtime.self.registry.metrics();
    const now = Date.now();
    await runtime.store.appendMetrics(
      withTarget(parseExposition(text, { now, strict: false }), 'chokepoint', instance),
    );
    const spans = runtime.tracer.take();
    if (spans.length) await runtime.store.appendSpans(spans);
  };
  let running: Promise<void> = Promise.resolve();
  const run = (): void => {
    running = running.then(observe).catch((error: Error) => runtime.log.warn(`self-watch: ${error.message}`));
  };
  run();
  const timer = setInterval(run, EVERY_MS);
  return async () => {
    clearInterval(timer);
    await running;
  };
}
