'use client';

import type { UnauthorizedClientDto } from '@gatehouse/contract';
import { useVirtualizer } from '@tanstack/react-virtual';
import type { ReactNode } from 'react';

const ROW_PX = 36;
const OVERSCAN_ROWS = 12;

interface VirtualBodyProps {
  readonly rows: readonly UnauthorizedClientDto[];
  /** What scrolls. */
  readonly frame: { readonly current: HTMLDivElement | null };
  readonly draw: (index: number) => ReactNode;
}

/** Draws only the rows in sight, and keeps the room of the others. */
export function VirtualBody({ rows, frame, draw }: VirtualBodyProps) {
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => frame.current,
    estimateSize: () => ROW_PX,
    overscan: OVERSCAN_ROWS,
    getItemKey: (index) => rows[index]?.id ?? index,
  });
  const items = virtual.getVirtualItems();
  return (
    <tbody>
      <Spacer heightPx={items[0]?.start ?? 0} />
      {items.map(({ index }) => draw(index))}
      <Spacer heightPx={virtual.getTotalSize() - (items.at(-1)?.end ?? 0)} />
    </tbody>
  );
}

/** Room of the rows that are not drawn. By attribute: the page's policy takes no inline style. */
const Spacer = ({ heightPx }: { readonly heightPx: number }) =>
  heightPx <= 0 ? null : (
    <tr aria-hidden>
      <td height={heightPx} className="p-0" />
    </tr>
  );
