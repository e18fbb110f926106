'use client';

import { Link2 } from 'lucide-react';
import { useState } from 'react';
import { useTimeRange } from '#components/time/use-time-range.ts';
import { Button } from '#components/ui/button.tsx';
import { copyText } from '#components/ui/copy-button.tsx';
import { parseTimeRange } from '#lib/model/time-range.ts';

/** Copies the page's address with the range as absolute times: it asks the same tomorrow. */
export function CopyLink() {
  const { from, to } = useTimeRange();
  const [note, setNote] = useState('');
  const copy = () => {
    const url = new URL(window.location.href);
    const range = parseTimeRange(from, to, Date.now());
    url.searchParams.set('from', String(Math.round(range.from)));
    url.searchParams.set('to', String(Math.round(range.to)));
    url.searchParams.delete('refresh');
    copyText(url.href).then(
      (done) => setNote(done ? 'Copied' : 'Not copied'),
      () => setNote('Not copied'),
    );
  };
  return (
    <Button onClick={copy} onBlur={() => setNote('')} title="Copy a link with absolute times">
      <Link2 aria-hidden /> <span role="status">{note || 'Copy link'}</span>
    </Button>
  );
}
