'use client';

import { Share2 } from 'lucide-react';
import { useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { SnapshotDialog } from './snapshot-dialog.tsx';

/** Freezes the page that is open. */
export function ShareButton() {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button
        variant="ghost"
        size="icon"
        aria-label="Share a snapshot of this page"
        onClick={() => setOpen(true)}
      >
        <Share2 aria-hidden />
      </Button>
      <SnapshotDialog open={open} onClose={() => setOpen(false)} />
    </>
  );
}
