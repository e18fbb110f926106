'use client';

import { usePathname } from 'next/navigation';
import { useEffect, useRef } from 'react';

/** After a route change the focus goes to the new page's heading, so that a screen reader starts there. */
export function FocusHeading() {
  const pathname = usePathname();
  const first = useRef(pathname);
  useEffect(() => {
    if (first.current === pathname) return;
    first.current = '';
    const focus = () => {
      const heading = document.querySelector<HTMLElement>('#page-title');
      heading?.focus({ preventScroll: true });
      return heading !== null;
    };
    if (focus()) return;
    // The page may still be loading: its heading comes later.
    const observer = new MutationObserver(() => {
      if (focus()) observer.disconnect();
    });
    observer.observe(document.body, { childList: true, subtree: true });
    return () => observer.disconnect();
  }, [pathname]);
  return null;
}
