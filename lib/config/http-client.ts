import path from 'node:path';
import { z } from 'zod';
import { bool, nonEmpty, text, textList } from './fields.ts';
import { section } from './section.ts';

/** A secret that stands in the configuration, or in a file that is read again before each use. */
export type Secret = { readonly text: string } | { readonly file: string };

export type Auth =
  | { readonly kind: 'basic'; readonly username: Secret; readonly password: Secret }
  | { readonly kind: 'token'; readonly type: string; readonly token: Secret };

export interface TlsConfig {
  /** PEM */
  readonly ca: Secret | undefined;
  readonly cert: Secret | undefined;
  readonly key: Secret | undefined;
  readonly serverName: string | undefined;
  readonly insecureSkipVerify: boolean;
  readonly minVersion: 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3' | undefined;
  readonly maxVersion: 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3' | undefined;
}

const TLS_VERSIONS = { TLS10: 'TLSv1', TLS11: 'TLSv1.1', TLS12: 'TLSv1.2', TLS13: 'TLSv1.3' } as const;
const tlsVersion = z.enum(['TLS10', 'TLS11', 'TLS12', 'TLS13'], {
  error: 'must be TLS10, TLS11, TLS12 or TLS13',
});

/** How to reach a target; keys of a scrape config. */
export const httpClientShape = {
  basic_auth: section({
    username: text.optional(),
    username_file: nonEmpty.optional(),
    password: text.optional(),
    password_file: nonEmpty.optional(),
  }).optional(),
  authorization: section({
    type: nonEmpty.optional(),
    credentials: text.optional(),
    credentials_file: nonEmpty.optional(),
  }).optional(),
  bearer_token: text.optional(),
  bearer_token_file: nonEmpty.optional(),
  tls_config: section({
    ca: text.optional(),
    ca_file: nonEmpty.optional(),
    cert: text.optional(),
    cert_file: nonEmpty.optional(),
    key: text.optional(),
    key_file: nonEmpty.optional(),
    server_name: nonEmpty.optional(),
    insecure_skip_verify: bool.optional(),
    min_version: tlsVersion.optional(),
    max_version: tlsVersion.optional(),
  }).optional(),
  follow_redirects: bool.optional(),
  http_headers: z
    .record(
      z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, { error: 'is not the name of an HTTP header' }),
      section({ values: textList.optional(), secrets: textList.optional(), files: textList.optional() }),
    )
    .optional(),
};

const httpClient = z.object(httpClientShape);
export type HttpClientInput = z.infer<typeof httpClient>;

export interface HttpClientConfig {
  readonly auth: Auth | undefined;
  readonly tls: TlsConfig;
  readonly followRedirects: boolean;
  readonly headers: readonly (readonly [name: string, values: readonly Secret[]])[];
}

/** @param folder that paths of files are relative to @param fail told what cannot be together */
export function httpClientConfig(
  given: HttpClientInput,
  folder: string,
  fail: (key: string, message: string) => void,
): HttpClientConfig {
  const either = (
    key: string,
    inline: string | undefined,
    file: string | undefined,
    name: string,
  ): Secret | undefined => {
    if (inline !== undefined && file !== undefined) fail(key, `give '${name}' or '${name}_file', not both`);
    if (file !== undefined) return { file: path.resolve(folder, file) };
    return inline === undefined ? undefined : { text: inline };
  };
  const auths: Auth[] = [];
  if (given.basic_auth) {
    const basic = given.basic_auth;
    auths.push({
      kind: 'basic',
      username: either('basic_auth', basic.username, basic.username_file, 'username') ?? { text: '' },
      password: either('basic_auth', basic.password, basic.password_file, 'password') ?? { text: '' },
    });
  }
  if (given.authorization) {
    const { type = 'Bearer', credentials, credentials_file } = given.authorization;
    if (type.toLowerCase() === 'basic')
      fail('authorization', "type 'Basic' is written as 'basic_auth' with username and password");
    const token = either('authorization', credentials, credentials_file, 'credentials');
    if (token === undefined) fail('authorization', "needs 'credentials' or 'credentials_file'");
    else auths.push({ kind: 'token', type, token });
  }
  const bearer = either('bearer_token', given.bearer_token, given.bearer_token_file, 'bearer_token');
  if (bearer) auths.push({ kind: 'token', type: 'Bearer', token: bearer });
  if (auths.length > 1)
    fail('basic_auth', 'give only one of basic_auth, authorization, bearer_token and bearer_token_file');
  const tls = given.tls_config ?? {};
  const cert = either('tls_config', tls.cert, tls.cert_file, 'cert');
  const key = either('tls_config', tls.key, tls.key_file, 'key');
  if ((cert === undefined) !== (key === undefined))
    fail('tls_config', 'a client certificate needs both cert and key');
  return {
    auth: auths[0],
    tls: {
      ca: either('tls_config', tls.ca, tls.ca_file, 'ca'),
      cert,
      key,
      serverName: tls.server_name,
      insecureSkipVerify: tls.insecure_skip_verify ?? false,
      minVersion: tls.min_version && TLS_VERSIONS[tls.min_version],
      maxVersion: tls.max_version && TLS_VERSIONS[tls.max_version],
    },
    followRedirects: given.follow_redirects ?? true,
    headers: Object.entries(given.http_headers ?? {}).map(
      ([name, { values = [], secrets = [], files = [] }]) => [
        name,
        [
          ...[...values, ...secrets].map((value) => ({ text: value })),
          ...files.map((file) => ({ file: path.resolve(folder, file) })),
        ],
      ],
    ),
  };
}
