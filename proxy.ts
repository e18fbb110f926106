import { createHash, randomBytes } from 'node:crypto';
import { type NextRequest, NextResponse } from 'next/server';
import { runtime } from '#app/runtime.ts';

/** Whom a page may be framed by: nobody, but for an embed the sites that its token lists. */
async function frameAncestors(pathname: string): Promise<string> {
  const token = /^\/embed\/([A-Za-z0-9_-]{16,128})$/.exec(pathname)?.[1];
  if (!token) return "'none'";
  const embed = await runtime().store.share.embed(createHash('sha256').update(token).digest('hex'));
  return embed?.origins.length ? embed.origins.join(' ') : "'none'";
}

/** Sets the content security policy of every page; Next puts the nonce on its own scripts. */
export async function proxy(request: NextRequest): Promise<NextResponse> {
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
  matcher: ['/((?!api/|v1/|_next/|healthz|readyz|metrics|openapi\\.json|icon).*)'],
};
