'use client';

import { createContext, type ReactNode, useContext, useMemo } from 'react';

/** A page whose data stand still: a snapshot or an embed. */
export interface Frozen {
  /** `viewKey(name, params)` → the view's answer */
  readonly answers: Readonly<Record<string, unknown>>;
  /** The range as the keys write it; the time picker cannot change it. */
  readonly from: string;
  readonly to: string;
}

const FrozenContext = createContext<Frozen | undefined>(undefined);

/** Below it `useView` answers only from `answers` and nothing is ever fetched. */
export function FrozenProvider({ answers, from, to, children }: Frozen & { readonly children: ReactNode }) {
  const value = useMemo(() => ({ answers, from, to }), [answers, from, to]);
  return <FrozenContext value={value}>{children}</FrozenContext>;
}

export function useFrozen(): Frozen | undefined {
  return useContext(FrozenContext);
}
