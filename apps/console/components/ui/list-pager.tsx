'use client';

import type { PageOf } from '@/lib/endpoints';
import { Pager } from './table';

interface ListPagerProps {
  readonly page: PageOf<unknown>;
  readonly onCursor: (cursor: string | null) => void;
}

/** The pager of one page of a list; nothing under an empty one. */
export function ListPager({ page, onCursor }: ListPagerProps) {
  const { items, total, totalIsExact, prev, next } = page;
  if (items.length === 0) return null;
  return (
    <Pager
      shown={items.length}
      total={total}
      totalIsExact={totalIsExact}
      prev={prev}
      next={next}
      onCursor={onCursor}
    />
  );
}
