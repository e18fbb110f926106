import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { HttpClientConfig, Secret } from '#lib/config/http-client.ts';
import { checkedLookup } from './refused-address.ts';

/** Credentials kept in files may be rotated, so files are read again before each use. */
export async function readSecret(secret: Secret): Promise<string> {
  if ('text' in secret) return secret.text;
  try {
    return (await readFile(secret.file, 'utf8')).trim();
  } catch (error) {
    throw new Error(`cannot read ${secret.file}: ${error instanceof Error ? error.message : error}`);
  }
}

/** Headers that tell who asks; they do not follow a redirect to another host. */
export async function credentialHeaders({ auth, headers }: HttpClientConfig): Promise<Map<string, string[]>> {
  const result = new Map<string, string[]>();
  for (const [name, values] of headers)
    result.set(name.toLowerCase(), await Promise.all(values.map(readSecret)));
  if (auth?.kind === 'basic') {
    const [username, password] = await Promise.all([readSecret(auth.username), readSecret(auth.password)]);
    result.set('authorization', [`Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`]);
  } else if (auth?.kind === 'token')
    result.set('authorization', [`${auth.type} ${await readSecret(auth.token)}`]);
  return result;
}

/** Connections of one scrape config, kept between scrapes; new ones when its certificates change. */
export class Connections {
  readonly #config: HttpClientConfig;
  readonly #plain = new HttpAgent({ keepAlive: true, maxFreeSockets: 1000, timeout: 360_000 });
  #secure: HttpsAgent | undefined;
  #made = '';

  constructor(config: HttpClientConfig) {
    this.#config = config;
  }

  async agent(protocol: string): Promise<HttpAgent> {
    return protocol === 'https:' ? this.#secureAgent() : this.#plain;
  }

  async #secureAgent(): Promise<HttpsAgent> {
    const { tls } = this.#config;
    const pem = (secret: Secret | undefined) => (secret ? readSecret(secret) : undefined);
    const [ca, cert, key] = await Promise.all([pem(tls.ca), pem(tls.cert), pem(tls.key)]);
    const made = createHash('sha256')
      .update(JSON.stringify([ca, cert, key]))
      .digest('hex');
    if (this.#secure !== undefined && made === this.#made) return this.#secure;
    this.#secure?.destroy();
    this.#made = made;
    this.#secure = new HttpsAgent({
      keepAlive: true,
      maxFreeSockets: 1000,
      timeout: 360_000,
      ...(ca && { ca }),
      ...(cert && { cert }),
      ...(key && { key }),
      ...(tls.serverName && { servername: tls.serverName }),
      ...(tls.minVersion && { minVersion: tls.minVersion }),
      ...(tls.maxVersion && { maxVersion: tls.maxVersion }),
      rejectUnauthorized: !tls.insecureSkipVerify,
    });
    return this.#secure;
  }

  readonly lookup = checkedLookup;

  close(): void {
    this.#plain.destroy();
    this.#secure?.destroy();
  }
}
