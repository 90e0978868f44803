'use client';

import { useDetailWords } from '@/components/ui/use-detail-words';
import { VisibleSentence } from '@/components/ui/visible-sentence';
import { cx } from '@/lib/cx';

interface DetailListProps {
  readonly detail: Readonly<Record<string, Parameters<ReturnType<typeof useDetailWords>['valueOf']>[1]>>;
  readonly className?: string;
}

/** What a step of the chain found, or what kept it from finding out; nothing where it says nothing. */
export function DetailList({ detail, className }: DetailListProps) {
  const { nameOf, valueOf } = useDetailWords();
  const entries = Object.entries(detail);
  if (entries.length === 0) return null;
  return (
    <dl className={cx('grid grid-cols-[auto_1fr] gap-x-3 text-xs', className)}>
      {entries.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-muted">{nameOf(name)}</dt>
          <dd className="mono min-w-0">
            <VisibleSentence text={valueOf(name, value)} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
