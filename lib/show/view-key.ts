export type ViewParams = Readonly<Record<string, string | number | boolean | undefined>>;

/** Parameters as the strings that stand in a URL: sorted by name, what is undefined or empty left out. */
export function viewQuery(params: ViewParams): string {
  const pairs = Object.entries(params)
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([name, value]) => [name, String(value)])
    .sort(([a = ''], [b = '']) => (a < b ? -1 : a > b ? 1 : 0));
  return new URLSearchParams(pairs).toString();
}

/** Names one question of a page, the same on server and client: `service?from=now-1h&service=orders&to=now`. */
export function viewKey(name: string, params: ViewParams): string {
  return `${name}?${viewQuery(params)}`;
}

/** Key in the query cache: the subject apart from the range, so that the same subject over another range is recognised. */
export function viewCacheKey(name: string, params: ViewParams): readonly [subject: string, key: string] {
  return [viewKey(name, { ...params, from: undefined, to: undefined }), viewKey(name, params)];
}
