import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip, createInflate } from 'node:zlib';
import { formatConfigDuration } from '#lib/config/duration.ts';
import type { ScrapeConfig } from '#lib/config/scrape-config.ts';
import { acceptHeader } from './formats.ts';
import { checkHost, RefusedAddress } from './refused-address.ts';
import { ScrapeError } from './scrape-error.ts';
import { type Connections, credentialHeaders } from './secrets.ts';

const MAX_REDIRECTS = 3;
/** Where `body_size_limit` says nothing, so that no target can fill the memory. */
export const DEFAULT_BODY_LIMIT = 128 * 1024 * 1024;

export interface FetchOptions {
  readonly config: ScrapeConfig;
  readonly connections: Connections;
  readonly userAgent: string;
  readonly timeoutMs: number;
  /** Aborts when scraping stops. */
  readonly signal: AbortSignal;
}

export interface TargetAnswer {
  /** As the target wrote it; `''` when it did not. */
  readonly contentType: string;
  /** Decompressed; ends with a `ScrapeError` at the body limit and at the timeout. */
  readonly body: AsyncIterable<Uint8Array>;
}

/**
 * Asks a target for its metrics and hands the answer to `read`.
 * @throws ScrapeError
 */
export async function fetchTarget<T>(
  url: string,
  options: FetchOptions,
  read: (answer: TargetAnswer) => Promise<T>,
): Promise<T> {
  const ending = new AbortController();
  const { signal } = ending;
  const end = () => ending.abort();
  let isTooLate = false;
  const timer = setTimeout(() => {
    isTooLate = true;
    end();
  }, options.timeoutMs);
  options.signal.addEventListener('abort', end);
  let response: IncomingMessage | undefined;
  try {
    response = await follow(new URL(url), options, signal);
    const body = decoded(response);
    return await read({
      contentType: response.headers['content-type'] ?? '',
      body: limited(body, options.config.limits.bodyBytes || DEFAULT_BODY_LIMIT),
    });
  } catch (error) {
    if (isTooLate)
      throw new ScrapeError(
        `no complete answer within the scrape_timeout of ${formatConfigDuration(options.timeoutMs)}`,
      );
    throw inWords(error);
  } finally {
    clearTimeout(timer);
    options.signal.removeEventListener('abort', end);
    // What was not read to its end is of no use to the next scrape.
    if (response && !response.complete) response.destroy();
  }
}

/** The first answer that is no redirect. Each hop is checked as the first one; another host gets no credentials. */
async function follow(first: URL, options: FetchOptions, signal: AbortSignal): Promise<IncomingMessage> {
  const { config } = options;
  let url = first;
  let credentials = await credentialHeaders(config.http);
  for (let hop = 0; ; hop++) {
    const response = await ask(url, credentials, options, signal);
    const status = response.statusCode ?? 0;
    if (status === 200) return response;
    const { location } = response.headers;
    response.destroy();
    const isRedirect = [301, 302, 303, 307, 308].includes(status) && location !== undefined;
    if (!isRedirect || !config.http.followRedirects)
      throw new ScrapeError(`server returned HTTP status ${status} ${response.statusMessage ?? ''}`.trim());
    if (hop === MAX_REDIRECTS)
      throw new ScrapeError(`stopped after ${MAX_REDIRECTS} redirects, at ${url.href}`);
    const next = URL.parse(location, url.href);
    if (next === null || (next.protocol !== 'http:' && next.protocol !== 'https:'))
      throw new ScrapeError(
        `redirects to ${JSON.stringify(location.slice(0, 200))}, which is no HTTP address`,
      );
    if (next.host !== url.host || (url.protocol === 'https:' && next.protocol === 'http:'))
      credentials = new Map();
    url = next;
  }
}

/** A target may close a kept connection at the very moment at which it is used again: then the next one is tried. */
async function ask(
  url: URL,
  credentials: ReadonlyMap<string, string[]>,
  options: FetchOptions,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  checkHost(url);
  for (;;) {
    try {
      return await send(url, credentials, options, signal);
    } catch (error) {
      if (!(error instanceof ClosedBefore) || signal.aborted) throw error;
    }
  }
}

class ClosedBefore extends Error {}

async function send(
  url: URL,
  credentials: ReadonlyMap<string, string[]>,
  { config, connections, userAgent, timeoutMs }: FetchOptions,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const agent = await connections.agent(url.protocol);
  const start = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const request = start(
      url,
      {
        agent,
        signal,
        lookup: connections.lookup,
        headers: {
          accept: acceptHeader(config.protocols),
          'accept-encoding': config.compression ? 'gzip' : 'identity',
          'user-agent': userAgent,
          'x-prometheus-scrape-timeout-seconds': String(timeoutMs / 1000),
          ...Object.fromEntries(credentials),
        },
      },
      resolve,
    );
    request.once('error', (error: NodeJS.ErrnoException) => {
      const isClosed = error.code === 'ECONNRESET' || error.code === 'EPIPE';
      reject(request.reusedSocket && isClosed ? new ClosedBefore() : error);
    });
    request.end();
  });
}

function decoded(response: IncomingMessage): Readable {
  const encoding = response.headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  if (encoding === 'identity' || encoding === '') return response;
  if (encoding !== 'gzip' && encoding !== 'x-gzip' && encoding !== 'deflate')
    throw new ScrapeError(`answers with Content-Encoding '${encoding.slice(0, 40)}'; gzip was asked for`);
  // A failure shows to whoever reads the unpacked stream.
  return pipeline(response, encoding === 'deflate' ? createInflate() : createGunzip(), () => undefined);
}

async function* limited(body: Readable, limit: number): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > limit)
      throw new ScrapeError(
        `the body is larger than ${limit} bytes; raise body_size_limit if that is what this target has to say`,
        true,
      );
    yield chunk;
  }
}

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED:
    'connection refused: nothing listens on that address; is the target running, and on this port?',
  ECONNRESET: 'the target closed the connection in the middle of its answer',
  ENOTFOUND: 'its host name is not known to the DNS',
  EAI_AGAIN: 'its host name could not be looked up just now',
  EHOSTUNREACH: 'there is no way to its host',
  ENETUNREACH: 'there is no way to its network',
  ETIMEDOUT: 'its host does not answer',
  EPROTO: 'the TLS handshake failed; does the target speak HTTPS on this port?',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed; give it as tls_config.ca_file',
  SELF_SIGNED_CERT_IN_CHAIN:
    'its certificate is signed by an unknown authority; give that as tls_config.ca_file',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'its certificate is signed by an unknown authority; give that as tls_config.ca_file',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name; give that as tls_config.server_name',
  Z_DATA_ERROR: 'its body is not the gzip that its Content-Encoding says',
  Z_BUF_ERROR: 'its gzip body ends too early',
};

function inWords(error: unknown): Error {
  if (error instanceof ScrapeError || error instanceof RefusedAddress) return error;
  if (!(error instanceof Error)) return new ScrapeError(String(error));
  const { code = '' } = error as NodeJS.ErrnoException;
  if (code.startsWith('HPE_')) return new ScrapeError(`its answer is not HTTP (${error.message})`);
  const words = WORDS[code];
  // Several addresses were tried: the error of each stands inside.
  const first = error instanceof AggregateError ? error.errors[0] : undefined;
  const detail = first instanceof Error ? first.message : error.message;
  return words === undefined ? error : new ScrapeError(`${words} (${detail})`);
}
