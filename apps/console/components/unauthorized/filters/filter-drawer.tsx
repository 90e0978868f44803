'use client';

import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { useText } from '@/lib/i18n';
import type { ViewControl } from '@/lib/unauthorized/use-view';
import type { View } from '@/lib/unauthorized/view';
import { FilterPanel } from './filter-panel';

interface FilterDrawerProps {
  readonly control: ViewControl;
  readonly view: View;
  readonly onClose: () => void;
}

/** The filter panel where there is no room for it beside the rows. */
export function FilterDrawer({ control, view, onClose }: FilterDrawerProps) {
  const t = useText('unauthorized');
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('filters.label')}
      variant="left"
      footer={
        <>
          <Button onClick={control.clear}>{t('filters.clear')}</Button>
          <Button tone="primary" onClick={onClose}>
            {t('filters.show')}
          </Button>
        </>
      }
    >
      <FilterPanel control={control} view={view} />
    </Dialog>
  );
}
