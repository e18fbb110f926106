const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/i;

/**
 * Whether a Host header may be answered. On a loopback bind only loopback names are: a foreign name there means
 * that a web page has pointed its own domain at this machine (DNS rebinding) to read what needs no login.
 */
export function isKnownHost(header: string | undefined, boundTo: string): boolean {
  const bound = boundTo.includes(':') && !boundTo.startsWith('[') ? `[${boundTo}]` : boundTo;
  if (!LOOPBACK.test(bound)) return true;
  const name = (header ?? '').replace(/:\d{1,5}$/, '');
  return LOOPBACK.test(name) || /\.localhost$/i.test(name);
}
