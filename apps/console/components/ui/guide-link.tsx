'use client';

import { BookOpen } from 'lucide-react';
import Link from 'next/link';
import { useText } from '@/lib/i18n';
import { PAGE_GUIDES, type GuidedPage } from '@/lib/help/page-guides';

/** Leads from a page to its guide. */
export function GuideLink({ page }: { readonly page: GuidedPage }) {
  const t = useText('shell');
  return (
    <Link
      href={`/help/${PAGE_GUIDES[page]}`}
      prefetch={false}
      className="inline-flex min-h-6 items-center gap-1 whitespace-nowrap text-accent underline decoration-1 underline-offset-2"
    >
      <BookOpen aria-hidden className="size-3.5" />
      {t('help.guide')}
    </Link>
  );
}
