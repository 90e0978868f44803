'use client';

import { FilterX } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { State } from '@/components/ui/states';
import { useText } from '@/lib/i18n';
import type { ViewControl } from '@/lib/unauthorized/use-view';

interface RefusedFiltersProps {
  readonly errors: readonly { readonly path: string; readonly message: string }[];
  readonly requestId: string;
  readonly control: ViewControl;
}

/** The server does not take the filters as they are: which, why, and the way out. */
export function RefusedFilters({ errors, requestId, control }: RefusedFiltersProps) {
  const t = useText('unauthorized');
  const common = useText('common');
  return (
    <State
      icon={<FilterX aria-hidden />}
      title={t('badFilter.title')}
      actions={<Button onClick={control.clear}>{t('filters.clear')}</Button>}
    >
      <ul role="alert">
        {errors.map(({ path, message }) => (
          <li key={`${path} ${message}`}>
            <span className="mono">{path}</span>: {message}
          </li>
        ))}
      </ul>
      <p className="mt-1 text-xs">
        {common('requestId')} <span className="mono select-all">{requestId}</span>
      </p>
    </State>
  );
}
