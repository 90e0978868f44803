'use client';

import { Braces, ChevronDown, Download, Sheet } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { Menu, MenuLabel, MenuLink } from '@/components/ui/menu';
import { apiUrl } from '@/lib/api';
import { useText } from '@/lib/i18n';
import { useNow } from '@/lib/now';
import { NOW_STEP_MS, PATH, filterQuery } from '@/lib/unauthorized/query';
import type { View } from '@/lib/unauthorized/view';

/** The rows of the current filter as a file, streamed by the server. */
export function ExportMenu({ view }: { readonly view: View }) {
  const t = useText('unauthorized');
  const query = filterQuery(view, useNow(NOW_STEP_MS));
  return (
    <Menu
      trigger={
        <Button icon={<Download aria-hidden className="size-4" />}>
          {t('export.label')}
          <ChevronDown aria-hidden className="size-3.5 text-faint" />
        </Button>
      }
    >
      <MenuLabel>{t('export.what')}</MenuLabel>
      <MenuLink icon={<Sheet aria-hidden />} href={apiUrl(`${PATH}/export.csv`, query)} download>
        {t('export.csv')}
      </MenuLink>
      <MenuLink icon={<Braces aria-hidden />} href={apiUrl(`${PATH}/export.json`, query)} download>
        {t('export.json')}
      </MenuLink>
    </Menu>
  );
}
