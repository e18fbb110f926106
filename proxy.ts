import { randomBytes } from 'node:crypto';
import { type NextRequest, NextResponse } from 'next/server';
import { runtime } from '#app/runtime.ts';
import { openEmbed } from '#lib/share/embed.ts';

/** Whom a page may be framed by: nobody, but for an embed the sites that its token lists. */
async function frameAncestors(pathname: string): Promise<string> {
  const token = /^\/embed\/([^/.]+)\/?$/.exec(pathname)?.[1];
  if (!token) return "'none'";
  const found = await openEmbed({ store: runtime().store, now: Date.now() }, token).catch(() => undefined);
  return found?.origins.join(' ') || "'none'";
}

/** Sets the content security policy of every page; Next puts the nonce on its own scripts. */
export async function proxy(request: NextRequest): Promise<NextResponse> {
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return NextResponse.json(
      { error: { code: 'method-not-allowed', message: 'this is a page: it can only be read, with GET' } },
      { status: 405, headers: { allow: 'GET, HEAD' } },
    );
  const nonce = randomBytes(16).toString('base64');
  const unsafeEval = process.env.NODE_ENV === 'development' ? " 'unsafe-eval'" : '';
  const policy = [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${unsafeEval}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    `frame-ancestors ${await frameAncestors(request.nextUrl.pathname)}`,
  ].join('; ');
  const headers = new Headers(request.headers);
  headers.set('content-security-policy', policy);
  headers.set('x-nonce', nonce);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set('content-security-policy', policy);
  return response;
}

export const config = {
  // Bodies that pass through here are buffered and cut at 10 MB, so ingest and the API stay outside.
  matcher: [
    '/((?!(?:api|v1|_next|-)(?:/|$)|(?:healthz|readyz|metrics|openapi\\.json|embed/[^/]+(?:\\.svg|/svg|/data))$).*)',
  ],
};
