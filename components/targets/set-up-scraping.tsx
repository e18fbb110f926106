'use client';

import { useSyncExternalStore } from 'react';
import { Card } from '#components/ui/card.tsx';
import { Code, CodeBlock } from '#components/ui/code-block.tsx';
import { scrapeConfigSnippet } from '#lib/show/snippets.ts';

const never = () => () => {};

/** Nothing is configured: how to. */
export function SetUpScraping() {
  // Only the browser knows under which address this reader reaches us.
  const origin = useSyncExternalStore(
    never,
    () => window.location.origin,
    () => 'http://localhost:3000',
  );
  return (
    <Card title="Nothing is scraped yet">
      <div className="space-y-3">
        <p className="text-muted">
          Chokepoint reads <Code>scrape_configs</Code> as Prometheus does: a <Code>prometheus.yml</Code> that
          you have can be taken as it is. Save this as <Code>chokepoint.yml</Code>, or name your own file.
        </p>
        <CodeBlock text={scrapeConfigSnippet(origin)} label="Configuration" />
        <p className="text-muted">Then start with it. Later changes to the file are taken by themselves.</p>
        <CodeBlock text="CHOKEPOINT_CONFIG=chokepoint.yml npm start" label="Command" />
      </div>
    </Card>
  );
}
