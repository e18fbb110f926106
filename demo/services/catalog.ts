import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { isOn } from '../lifecycle.ts';
import { HttpProblem, serve } from './serve.ts';

interface Product {
  readonly id: number;
  readonly title: string;
  readonly priceCents: number;
  readonly words: string;
}

const WORDS =
  'amber birch cedar delta ember fjord grove heath iris jade kelp larch moss north ocean pine'.split(' ');

const products: readonly Product[] = Array.from({ length: 500 }, (_, i) => {
  const digest = createHash('sha256').update(`product ${i}`).digest();
  const words = [...digest].map((byte) => WORDS[byte % WORDS.length]).join(' ');
  return { id: i + 1, title: words.split(' ').slice(0, 3).join(' '), priceCents: 500 + i * 37, words };
});

/** Prices come from a feed elsewhere; waiting for it is nearly all that a healthy catalog does. */
const priceFeed = (): Promise<void> => sleep(6 + 6 * Math.random());

const SYNCHRONOUS_RANKING_MS = 150;

/** Arithmetic that keeps the thread busy for as long as a naive ranking of every pair of words would. */
function rankSlowly(): number {
  const until = performance.now() + SYNCHRONOUS_RANKING_MS;
  let score = 1;
  while (performance.now() < until) for (let i = 1; i < 10_000; i++) score = (score * i + 7) % 1_000_003;
  return score;
}

const compress = {
  gzip: (bytes: Buffer) => promisify(gzip)(bytes, { level: 5 }),
  br: (bytes: Buffer) =>
    promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }),
};
const encoding = process.env.SERVICE_VERSION === '1.5.0' ? 'br' : 'gzip';

serve([
  {
    method: 'GET',
    path: '/products',
    async handle() {
      await priceFeed();
      const listing = Buffer.from(JSON.stringify({ at: Date.now(), products: products.slice(0, 200) }));
      return { body: await compress[encoding](listing), encoding };
    },
  },
  {
    method: 'GET',
    path: '/products/:id',
    async handle({ params }) {
      await priceFeed();
      const product = products[Number(params.get('id')) - 1];
      if (!product) throw new HttpProblem(404, `no product ${params.get('id')}`);
      return { body: product };
    },
  },
  {
    method: 'GET',
    path: '/search',
    async handle({ query }) {
      await priceFeed();
      const wanted = query.get('q') ?? '';
      const hits = products.filter((p) => p.words.includes(wanted)).slice(0, 50);
      const score = isOn('event-loop-blocked') ? rankSlowly() : hits.length;
      return { body: { hits, score } };
    },
  },
]);
