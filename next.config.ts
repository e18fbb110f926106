import type { NextConfig } from 'next';

const config: NextConfig = {
  // Types are checked by `npm test` in one pass over the whole tree; a second pass in the build only costs time.
  typescript: { ignoreBuildErrors: true },
  poweredByHeader: false,
  reactStrictMode: true,
  // Senders are often given an address with a slash at its end, and many do not follow a redirect of a POST.
  skipTrailingSlashRedirect: true,
  // The image optimiser is an attack surface that Chokepoint has no use for.
  images: { unoptimized: true },
  // Native addons and the store stay outside the bundle: the server process loads them once, itself.
  serverExternalPackages: ['better-sqlite3', '@prisma/client', 'snappy', 'libpg-query', 'prom-client'],
  rewrites: async () => [{ source: '/embed/:token.svg', destination: '/embed/:token/svg' }],
  headers: async () => [
    {
      source: '/:path*',
      headers: [
        { key: 'x-content-type-options', value: 'nosniff' },
        { key: 'referrer-policy', value: 'no-referrer' },
        // Whatever is not a page may do nothing at all; `proxy.ts` puts the pages' own policy over this one.
        { key: 'content-security-policy', value: "default-src 'none'; frame-ancestors 'none'" },
      ],
    },
    {
      // Opened on its own an SVG is a document: it may do nothing but be drawn.
      source: '/embed/:image(.+[./]svg)',
      headers: [
        {
          key: 'content-security-policy',
          value: "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'",
        },
      ],
    },
  ],
};

export default config;
