'use client';

import { CalendarClock, ChevronDown } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Menu, MenuCheck, MenuItem, MenuSeparator } from '@/components/ui/menu';
import { useText } from '@/lib/i18n';
import { lazyPart } from '@/lib/lazy-part';
import type { ViewControl } from '@/lib/unauthorized/use-view';
import { RANGE_KEYS } from '@/lib/unauthorized/view';

const CustomRange = lazyPart(() => import('./custom-range').then((module) => module.CustomRange));

/** How far back the page looks. */
export function RangeMenu({ control }: { readonly control: ViewControl }) {
  const t = useText('unauthorized');
  const { view, change } = control;
  const [asking, setAsking] = useState(false);
  const custom = view.from !== null || view.to !== null;
  return (
    <>
      <Menu
        trigger={
          <Button icon={<CalendarClock aria-hidden className="size-4" />}>
            <span className="sr-only">{t('range.label')} </span>
            {custom ? t('range.custom') : t(`range.${view.range}`)}
            <ChevronDown aria-hidden className="size-3.5 text-faint" />
          </Button>
        }
      >
        {RANGE_KEYS.map((key) => (
          <MenuCheck
            key={key}
            checked={!custom && key === view.range}
            onChange={() => change({ range: key, from: null, to: null })}
          >
            {t(`range.${key}`)}
          </MenuCheck>
        ))}
        <MenuSeparator />
        <MenuItem onSelect={() => setAsking(true)}>{t('range.choose')}</MenuItem>
      </Menu>
      {asking && <CustomRange control={control} onClose={() => setAsking(false)} />}
    </>
  );
}
