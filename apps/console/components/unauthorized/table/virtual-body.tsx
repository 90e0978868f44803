'use client';

import type { UnauthorizedClientDto } from '@gatehouse/contract';
import { Fragment, useEffect, useState, type ReactNode } from 'react';
import {
  ROW_PX,
  USUAL_SIGHT,
  drawnRows,
  neighbours,
  sightOf,
  type Sight,
} from '@/lib/unauthorized/rows-in-sight';

type Frame = { readonly current: HTMLDivElement | null };

interface VirtualBodyProps {
  readonly rows: readonly UnauthorizedClientDto[];
  /** What scrolls. */
  readonly frame: Frame;
  /** Rows that stay although they are out of sight, by their ids: they hold the focus, or get it back. */
  readonly kept: readonly (string | null)[];
  readonly draw: (index: number) => ReactNode;
}

/** Draws only the rows in sight, and keeps the room of the others. */
export function VirtualBody({ rows, frame, kept, draw }: VirtualBodyProps) {
  const sight = useSight(frame);
  const keptAt = rows.flatMap(({ id }, index) => (kept.includes(id) ? [index] : []));
  const beside = neighbours(keptAt, rows.length);
  let drawnTo = 0;
  return (
    <tbody>
      {drawnRows(sight, rows.length, beside).map((index) => {
        const gapRows = index - drawnTo;
        drawnTo = index + 1;
        return (
          <Fragment key={rows[index]?.id}>
            <Spacer rows={gapRows} />
            {draw(index)}
          </Fragment>
        );
      })}
      <Spacer rows={rows.length - drawnTo} />
    </tbody>
  );
}

/** What of the frame's content is in sight, as it scrolls and grows. */
function useSight(frame: Frame): Sight {
  const [sight, setSight] = useState(USUAL_SIGHT);
  useEffect(() => {
    const scroller = frame.current;
    if (scroller === null) return;
    const look = (): void => {
      const seen = sightOf(scroller.scrollTop, scroller.clientHeight);
      setSight((before) => (before.from === seen.from && before.to === seen.to ? before : seen));
    };
    const resized = new ResizeObserver(look);
    resized.observe(scroller);
    scroller.addEventListener('scroll', look, { passive: true });
    return () => {
      resized.disconnect();
      scroller.removeEventListener('scroll', look);
    };
  }, [frame]);
  return sight;
}

/** Room of the rows that are not drawn. By attribute: the page's policy takes no inline style. */
const Spacer = ({ rows }: { readonly rows: number }) =>
  rows <= 0 ? null : (
    <tr aria-hidden>
      <td height={rows * ROW_PX} className="p-0" />
    </tr>
  );
