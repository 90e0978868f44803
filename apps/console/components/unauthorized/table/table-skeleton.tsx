'use client';

import { SkeletonRows } from '@/components/ui/states';
import { useText } from '@/lib/i18n';

/** Room for the rows while the first ones are read. */
export function TableSkeleton() {
  const t = useText('common');
  return (
    <div className="card overflow-hidden">
      <table className="w-full" aria-label={t('loading')} aria-busy>
        <tbody>
          <SkeletonRows rows={14} columns={6} />
        </tbody>
      </table>
    </div>
  );
}
