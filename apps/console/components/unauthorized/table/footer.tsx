'use client';

import { ChevronLeft, ChevronRight, ChevronsLeft } from 'lucide-react';
import { memo } from 'react';
import { IconButton } from '@/components/ui/button';
import { Select } from '@/components/ui/field';
import { useFormat, useText } from '@/lib/i18n';
import { useNow } from '@/lib/now';
import { NOW_STEP_MS, type RefusedPage } from '@/lib/unauthorized/query';
import type { RefusedModel } from '@/lib/unauthorized/use-model';
import { PAGE_SIZES } from '@/lib/unauthorized/view';

interface FooterProps extends Pick<RefusedModel, 'control' | 'view'> {
  readonly page: RefusedPage | undefined;
}

/** How many there are, and the pages before and after. Keyset paging knows no page numbers. */
export const Footer = memo(function Footer({ control, view, page }: FooterProps) {
  const { formatNumber } = useFormat();
  const t = useText('unauthorized');
  const common = useText('common');
  const now = useNow(NOW_STEP_MS);
  if (page === undefined) return null;
  const at = view.at ?? new Date(now);
  const total = `${formatNumber(page.total)}${page.totalIsExact ? '' : '+'}`;
  return (
    <nav
      aria-label={common('paging')}
      className="flex flex-wrap items-center gap-2 border-t border-line px-3 py-1.5 text-sm text-muted"
    >
      <label className="flex items-center gap-2">
        <span className="max-sm:sr-only">{t('page.size')}</span>
        <Select
          value={view.limit}
          onChange={(event) =>
            control.change({ limit: PAGE_SIZES.find((size) => String(size) === event.target.value) ?? null })
          }
        >
          {PAGE_SIZES.map((size) => (
            <option key={size} value={size}>
              {size}
            </option>
          ))}
        </Select>
      </label>
      <span className="nums ms-auto">
        {view.cursor === null
          ? t('page.first', { to: formatNumber(page.items.length), total })
          : t('page.some', { shown: formatNumber(page.items.length), total })}
      </span>
      <IconButton
        label={t('page.toFirst')}
        disabled={view.cursor === null}
        onClick={() => control.turn(null, at)}
      >
        <ChevronsLeft aria-hidden />
      </IconButton>
      <IconButton
        label={common('previousPage')}
        disabled={page.prev === null}
        onClick={() => control.turn(page.prev, at)}
      >
        <ChevronLeft aria-hidden />
      </IconButton>
      <IconButton
        label={common('nextPage')}
        disabled={page.next === null}
        onClick={() => control.turn(page.next, at)}
      >
        <ChevronRight aria-hidden />
      </IconButton>
    </nav>
  );
});
