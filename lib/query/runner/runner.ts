import { Fault, isFault } from '#lib/model/fault.ts';
import type { MatrixResult, QueryOptions, QueryResult } from '../promql/engine.ts';
import { instantQuery, rangeQuery } from '../promql/engine.ts';
import type { Limits, MetricSource } from '../promql/evaluation.ts';
import { parse } from '../promql/parse.ts';
import { print } from '../promql/print.ts';
import type { Changes } from './changes.ts';
import { diedOfLimits, Killers } from './killers.ts';
import { lookAhead } from './look-ahead.ts';
import { type Known, type Question, ResultsCache } from './results-cache.ts';
import { SingleFlight } from './single-flight.ts';
import { joined } from './splice.ts';
import { addedUp } from './stats.ts';
import { Turns } from './turns.ts';

export interface AskOptions {
  /** Once it aborts, nobody waits for the answer any more. */
  readonly signal?: AbortSignal;
  /** What the client is ready to wait; the server's own limit holds all the same. */
  readonly timeoutMs?: number;
  readonly lookbackMs?: number;
  /** Whom to be fair to: queries of one caller wait for each other before they hold up anybody else's. */
  readonly caller?: string;
}

export interface InstantQuestion extends AskOptions {
  readonly timeMs: number;
}

export interface RangeQuestion extends AskOptions {
  readonly startMs: number;
  readonly endMs: number;
  readonly stepMs: number;
  /** True asks the store alone. */
  readonly noCache?: boolean;
}

export interface RunnerOptions {
  readonly source: MetricSource;
  readonly changes: Changes;
  readonly maxSamples: number;
  readonly timeoutMs: number;
  readonly concurrency?: number;
  readonly cacheMaxAgeMs?: number;
  readonly now?: () => number;
}

const DEFAULT_LOOKBACK_MS = 300_000;

interface Allowance extends QueryOptions {
  readonly limits: Limits;
}

interface Evaluated<R> {
  readonly query: string;
  readonly result: R;
}

/** Evaluates queries so that none of them, nor many, can hurt the server: limits, turns, one run for equal questions, kept answers. */
export class QueryRunner {
  readonly #options: RunnerOptions;
  readonly #now: () => number;
  readonly #turns: Turns;
  readonly #killers = new Killers();
  readonly #cache: ResultsCache;
  readonly #flights = new SingleFlight<Evaluated<QueryResult>>();

  constructor(options: RunnerOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#turns = new Turns(options.concurrency ?? 2);
    this.#cache = new ResultsCache({
      changes: options.changes,
      ...(options.cacheMaxAgeMs === undefined ? {} : { maxAgeMs: options.cacheMaxAgeMs }),
    });
  }

  /** Throws Faults `bad_data`, `execution`, `timeout`, `canceled`, `unavailable`. */
  async instant(query: string, question: InstantQuestion): Promise<QueryResult> {
    const { timeMs, lookbackMs = DEFAULT_LOOKBACK_MS } = question;
    const text = print(parse(query));
    const key = `instant ${timeMs} ${lookbackMs} ${question.timeoutMs ?? ''} ${text}`;
    return this.#shared(key, query, question, (signal) =>
      this.#guarded(`instant ${text}`, question, signal, (options) =>
        instantQuery(this.#options.source, query, { ...options, timeMs }),
      ),
    );
  }

  /** Throws Faults `bad_data`, `execution`, `timeout`, `canceled`, `unavailable`. */
  async range(query: string, question: RangeQuestion): Promise<MatrixResult> {
    const { startMs, endMs, stepMs, lookbackMs = DEFAULT_LOOKBACK_MS, noCache = false } = question;
    const expr = parse(query, { stepMs, rangeMs: endMs - startMs });
    const text = print(expr);
    const aheadMs = noCache ? undefined : lookAhead(text, expr);
    const cached: Question | undefined =
      aheadMs === undefined ? undefined : { key: text, query, startMs, endMs, stepMs, lookbackMs, aheadMs };
    const known = cached && this.#cache.find(cached, this.#now());
    if (known && known.firstMs === startMs && known.lastMs + stepMs > endMs) return fromCache(known);
    const key = `range ${startMs} ${endMs} ${stepMs} ${lookbackMs} ${question.timeoutMs ?? ''} ${noCache} ${text}`;
    const killerKey = `range ${endMs - startMs} ${stepMs} ${text}`;
    return this.#shared(key, query, question, (signal) =>
      this.#guarded(killerKey, question, signal, (options) => this.#pieces(query, question, cached, options)),
    ) as Promise<MatrixResult>;
  }

  /** Evaluates what is not known yet and puts the answer together. */
  async #pieces(
    query: string,
    { startMs, endMs, stepMs }: RangeQuestion,
    cached: Question | undefined,
    options: Allowance,
  ): Promise<MatrixResult> {
    // What is known was checked against every change up to this one.
    const version = this.#options.changes.version;
    const known = cached && this.#cache.find(cached, this.#now());
    const began = performance.now();
    const ask = (from: number, to: number): Promise<MatrixResult> =>
      rangeQuery(this.#options.source, query, {
        ...options,
        limits: { ...options.limits, timeoutMs: options.limits.timeoutMs - (performance.now() - began) },
        startMs: from,
        endMs: to,
        stepMs,
      });
    const results: MatrixResult[] = [];
    if (!known) results.push(await ask(startMs, endMs));
    else {
      if (known.firstMs > startMs) results.push(await ask(startMs, known.firstMs - stepMs));
      results.push(fromCache(known));
      if (known.lastMs + stepMs <= endMs) results.push(await ask(known.lastMs + stepMs, endMs));
    }
    const series = joined(results.map(({ data }) => data.series));
    const whole: MatrixResult = {
      data: { type: 'matrix', series },
      warnings: [...new Set(results.flatMap(({ warnings }) => warnings))],
      infos: [...new Set(results.flatMap(({ infos }) => infos))],
      stats: addedUp(results.map(({ stats }) => stats)),
    };
    if (cached && whole.warnings.length === 0)
      this.#cache.keep(cached, { series, infos: whole.infos }, version, this.#now());
    return whole;
  }

  async #shared(
    key: string,
    query: string,
    { signal }: AskOptions,
    start: (signal: AbortSignal) => Promise<QueryResult>,
  ): Promise<QueryResult> {
    const begin = async (until: AbortSignal): Promise<Evaluated<QueryResult>> => ({
      query,
      result: await start(until),
    });
    const shared = await this.#flights.run(key, signal, begin);
    // Annotations name places in the text of the query: with other spaces it is another text.
    const { warnings, infos } = shared.result;
    if (shared.query === query || warnings.length + infos.length === 0) return shared.result;
    return (await this.#flights.run(`${key}\n${query}`, signal, begin)).result;
  }

  /** Runs under the limits, in turn, unless the query has proven to be too much. */
  async #guarded<R extends QueryResult>(
    killerKey: string,
    { timeoutMs, lookbackMs, caller = '' }: AskOptions,
    signal: AbortSignal,
    run: (options: Allowance) => Promise<R>,
  ): Promise<R> {
    this.#killers.check(killerKey, this.#now());
    const limitMs = Math.min(timeoutMs ?? Number.POSITIVE_INFINITY, this.#options.timeoutMs);
    const queued = performance.now();
    const done = await this.#turns.take(caller, signal, limitMs);
    const queueMs = performance.now() - queued;
    try {
      const result = await run({
        signal,
        queueMs,
        limits: { maxSamples: this.#options.maxSamples, timeoutMs: limitMs - queueMs },
        ...(lookbackMs === undefined ? {} : { lookbackMs }),
      });
      this.#killers.lived(killerKey);
      return result;
    } catch (error) {
      // A client that waits only briefly proves nothing about the query.
      if (
        !isFault(error) ||
        !diedOfLimits(error) ||
        (error.code === 'timeout' && limitMs !== this.#options.timeoutMs)
      )
        throw error;
      const fault = this.#explained(error);
      this.#killers.died(killerKey, fault.message, this.#now());
      throw fault;
    } finally {
      done();
    }
  }

  #explained(fault: Fault): Fault {
    if (fault.code !== 'timeout') return fault;
    return new Fault(
      422,
      'timeout',
      `query timed out: it ran for more than ${this.#options.timeoutMs / 1000} s; ask for a shorter range, a larger step or fewer series, or record the expression with a rule`,
    );
  }
}

function fromCache({ series, infos }: Known): MatrixResult {
  return { data: { type: 'matrix', series }, warnings: [], infos, stats: addedUp([]) };
}
