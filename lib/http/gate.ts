import { Fault } from '#lib/model/fault.ts';
import { isKnownHost } from './known-host.ts';

const METHODS = ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE'];

export interface RequestLine {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers: { readonly host?: string | undefined };
}

/** Whether the path can be decoded to text: one that cannot would break in the middle of routing. */
function isReadable(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}

/** What no route may ever see, as the Fault to answer with; undefined lets the request in. */
export function refuseAtGate(request: RequestLine, boundTo: string, port: number): Fault | undefined {
  const { method = '', url = '', headers } = request;
  if (!isKnownHost(headers.host, boundTo))
    return new Fault(
      421,
      'unknown-host',
      `this server does not answer for '${headers.host ?? ''}'; open it as http://127.0.0.1:${port}`,
    );
  if (!METHODS.includes(method))
    return new Fault(501, 'unknown-method', `the method '${method}' is not known; use ${METHODS.join(', ')}`);
  // `GET http://other.host/` asks a proxy, and would be answered for that host whatever the Host header says.
  if (!url.startsWith('/'))
    return new Fault(400, 'bad-target', 'the request target must be a path that begins with /');
  if (!isReadable(url.split('?', 1)[0] ?? ''))
    return new Fault(
      400,
      'bad-path',
      'the path is not valid percent-encoded UTF-8; write a percent sign as %25',
    );
  return undefined;
}
