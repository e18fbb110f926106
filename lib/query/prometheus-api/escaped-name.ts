const PREFIX = 'U__';

/**
 * `U__http_2e_requests` stands for `http.requests`: Prometheus' way to put any name into a URL path. A name that
 * only looks escaped is taken as it stands.
 */
export function unescapeName(name: string): string {
  if (!name.startsWith(PREFIX)) return name;
  let text = '';
  const pattern = /[^_]+|__|_([0-9a-fA-F]{1,6})_/y;
  pattern.lastIndex = PREFIX.length;
  while (pattern.lastIndex < name.length) {
    const match = pattern.exec(name);
    if (!match) return name;
    const code = match[1] === undefined ? undefined : Number.parseInt(match[1], 16);
    if (code === undefined) text += match[0] === '__' ? '_' : match[0];
    else if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return name;
    else text += String.fromCodePoint(code);
  }
  return text;
}
