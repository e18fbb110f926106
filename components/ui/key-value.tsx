import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';

/** Facts side by side: name above, value below. `rows` lays them out as a two-column list instead. */
export function KeyValue({
  items,
  layout = 'tiles',
}: {
  readonly items: readonly { readonly label: string; readonly value: ReactNode; readonly note?: ReactNode }[];
  readonly layout?: 'tiles' | 'rows';
}) {
  return (
    <dl
      className={classNames(
        layout === 'tiles'
          ? 'grid grid-cols-2 gap-x-6 gap-y-3 sm:grid-cols-[repeat(auto-fit,minmax(8rem,1fr))]'
          : 'grid grid-cols-[minmax(6rem,auto)_1fr] gap-x-4 gap-y-1',
      )}
    >
      {items.map((item) => (
        <div key={item.label} className={layout === 'rows' ? 'contents' : 'min-w-0'}>
          <dt className="text-xs text-muted">{item.label}</dt>
          <dd
            className={classNames(
              'min-w-0 break-words',
              layout === 'tiles' && 'text-lg leading-6 font-semibold',
            )}
          >
            {item.value}
            {item.note !== undefined && <div className="text-xs font-normal text-muted">{item.note}</div>}
          </dd>
        </div>
      ))}
    </dl>
  );
}
