'use client';

import { Trash2 } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { useFormat, useText } from '@/lib/i18n';
import { useMay } from '@/lib/session';
import { selectedCount } from '@/lib/unauthorized/selection';
import type { RefusedModel } from '@/lib/unauthorized/use-model';

/** What can be done with the chosen rows; offers all that match. */
export function SelectionBar({ model }: { readonly model: RefusedModel }) {
  const { formatNumber } = useFormat();
  const t = useText('unauthorized');
  const mayDelete = useMay('unauthorized:delete');
  const { selection, chosen, list, rows } = model;
  const total = list.data?.total ?? 0;
  const exact = list.data?.totalIsExact ?? true;
  const count = selectedCount(chosen, total);
  const shown = `${formatNumber(count)}${exact || chosen.mode === 'some' ? '' : '+'}`;
  return (
    <div className="flex flex-wrap items-center gap-2 border-b border-line bg-accent-soft px-3 py-1.5 text-sm">
      <span role="status" className="nums font-medium">
        {t('selection.count', { count, shown })}
      </span>
      {chosen.mode === 'some' && total > rows.length && (
        <button type="button" className="h-6 text-accent underline" onClick={selection.selectAllMatching}>
          {t('selection.allMatching', { shown: `${formatNumber(total)}${exact ? '' : '+'}` })}
        </button>
      )}
      <span className="ms-auto flex gap-2">
        <Button size="sm" tone="quiet" onClick={selection.clear}>
          {t('selection.clear')}
        </Button>
        {mayDelete && (
          <Button
            size="sm"
            tone="danger"
            icon={<Trash2 aria-hidden className="size-3.5" />}
            onClick={() => model.ask({ kind: 'selected', selection: chosen, view: model.view, count })}
          >
            {t('selection.delete', { shown })}
          </Button>
        )}
      </span>
    </div>
  );
}
