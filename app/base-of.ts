/** Origin under which the asker reaches this server, e.g. `http://127.0.0.1:3000`. */
export function baseOf(request: Request): string {
  const url = new URL(request.url);
  return `${url.protocol}//${request.headers.get('host') ?? url.host}`;
}
