import type { Metadata } from 'next';
import { LinkButton } from '#components/ui/button.tsx';

export const metadata: Metadata = { title: 'Not found' };

export default function NotFound() {
  return (
    <main className="grid min-h-[60dvh] place-items-center p-4 text-center">
      <div className="space-y-3">
        <h1 id="page-title" tabIndex={-1} className="text-xl font-semibold">
          There is no page here
        </h1>
        <p className="text-muted">
          The address may be mistyped, or what it named is older than the retention.
        </p>
        <LinkButton href="/" variant="primary">
          To the overview
        </LinkButton>
      </div>
    </main>
  );
}
