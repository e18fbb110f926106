/**
 * Loaded with `--import` before a service: starts the OpenTelemetry SDK, which takes its name, exporter and batch
 * delay from the OTEL_* variables that the shop sets.
 */
import { createRequire } from 'node:module';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { allPeers, onEnd } from '../lifecycle.ts';

const sdk = new NodeSDK({
  instrumentations: [
    new HttpInstrumentation({
      ignoreIncomingRequestHook: (request) => request.url === '/metrics',
      startOutgoingSpanHook: (request) => ({ 'peer.service': request.hostname ?? request.host ?? 'unknown' }),
    }),
    new UndiciInstrumentation({
      startSpanHook: (request) => {
        const called = allPeers().find((p) => p.url === request.origin);
        return called ? { 'peer.service': called.service } : {};
      },
    }),
    new PgInstrumentation({ requireParentSpan: true }),
  ],
});
sdk.start();
onEnd(() => sdk.shutdown());

// The instrumentations patch what `require` returns: a module that is only ever imported would stay untouched.
createRequire(import.meta.url)('node:http');
