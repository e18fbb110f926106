import http from 'node:http';
import { peer } from '../lifecycle.ts';
import { HttpProblem, serve } from './serve.ts';

const PROCESSOR_HOST = 'api.cardprocessor.test';
const agent = new http.Agent({ keepAlive: true, maxSockets: 50 });

/** Charges a card at the third party, under its public name; the name leads to the process that plays it. */
function charge(order: unknown): Promise<unknown> {
  const processor = peer('processor');
  if (!processor) throw new HttpProblem(503, 'the card processor is not running yet');
  return new Promise((resolve, reject) => {
    const request = http.request(
      {
        method: 'POST',
        hostname: PROCESSOR_HOST,
        port: new URL(processor.url).port,
        path: '/v1/charges',
        agent,
        timeout: 10_000,
        headers: { 'content-type': 'application/json' },
        lookup: (_host, options, done) =>
          options.all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4),
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          if (response.statusCode === 201) resolve(JSON.parse(Buffer.concat(chunks).toString('utf8')));
          else reject(new HttpProblem(502, `${PROCESSOR_HOST} answered ${response.statusCode}`));
        });
      },
    );
    request.on('timeout', () => request.destroy(new HttpProblem(502, `${PROCESSOR_HOST} did not answer`)));
    request.on('error', reject);
    request.end(JSON.stringify(order));
  });
}

serve([
  {
    method: 'POST',
    path: '/charges',
    async handle({ body }) {
      return { status: 201, body: await charge(body) };
    },
  },
]);
