import { runtime } from '#app/runtime.ts';

export const dynamic = 'force-dynamic';

export async function GET(): Promise<Response> {
  const { registry } = runtime().self;
  return new Response(await registry.metrics(), {
    headers: { 'content-type': registry.contentType, 'cache-control': 'no-store' },
  });
}
