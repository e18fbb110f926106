import { execFileSync } from 'node:child_process';
import { type Sample, writeRequest } from './write-request.ts';

/** Whether a program of the peer can be run here. */
export function installed(program: string): boolean {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/**
 * A remote_write body of half an hour from `startSeconds` (Unix seconds): counters, gauges and a classic histogram, with jitter, a
 * reset, a gap and a series that ends.
 */
export function halfAnHour(startSeconds: number): Uint8Array<ArrayBuffer> {
  const samples: Sample[] = [];
  for (let i = 0; i <= 120; i++) {
    for (const [job, instance] of [
      ['api', 'a'],
      ['api', 'b'],
      ['web', 'c'],
    ] as const) {
      const n = instance.charCodeAt(0) - 96;
      // No sample stands on the edge of a window: Prometheus 2 and 3 disagree on whether the edge belongs to it.
      const at = (startSeconds + i * 15) * 1000 + 137 * n + ((i * 7919) % 100);
      const base = [
        ['instance', instance],
        ['job', job],
      ] as const;
      const add = (name: string, value: number, ...more: (readonly [string, string])[]): void => {
        const labels = [['__name__', name] as const, ...base, ...more].sort(([a], [b]) => (a < b ? -1 : 1));
        samples.push({ labels, at, value });
      };
      if (instance !== 'b' || i < 40 || i > 60) add('up', i % 13 === 0 ? 0 : 1);
      if (instance !== 'c' || i < 80) add('requests_total', i < 70 ? i * n * 1.7 : (i - 70) * n);
      add('temperature', Math.sin(i / n) * 1e-7 + (i === 50 ? Number.NaN : 0));
      for (const [k, le] of ['0.1', '0.5', '1', '+Inf'].entries())
        add('latency_seconds_bucket', i * n * (k + 1), ['le', le]);
    }
  }
  return new Uint8Array(writeRequest(samples));
}
