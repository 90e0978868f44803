'use client';

import { ChevronDown, Columns3 } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Menu, MenuCheck, MenuItem, MenuSeparator } from '@/components/ui/menu';
import { useText } from '@/lib/i18n';
import { lazyPart } from '@/lib/lazy-part';
import type { ColumnControl } from '@/lib/unauthorized/use-columns';

const ColumnsDialog = lazyPart(() => import('./columns-dialog').then((module) => module.ColumnsDialog));

/** Which columns the table has; order and widths are in the dialog behind it, for the keyboard too. */
export function ColumnsMenu({ columns }: { readonly columns: ColumnControl }) {
  const t = useText('unauthorized');
  const [arranging, setArranging] = useState(false);
  const { order, hidden } = columns.prefs;
  return (
    <span className="hidden md:inline-flex">
      <Menu
        trigger={
          <Button icon={<Columns3 aria-hidden className="size-4" />}>
            {t('columns.label')}
            <ChevronDown aria-hidden className="size-3.5 text-faint" />
          </Button>
        }
      >
        {order.map((id) => (
          <MenuCheck
            key={id}
            checked={!hidden.includes(id)}
            onChange={(shown) =>
              columns.change({ hidden: shown ? hidden.filter((one) => one !== id) : [...hidden, id] })
            }
          >
            {t(`column.${id}`)}
          </MenuCheck>
        ))}
        <MenuSeparator />
        <MenuItem onSelect={() => setArranging(true)}>{t('columns.arrange')}</MenuItem>
        <MenuItem onSelect={columns.reset}>{t('columns.reset')}</MenuItem>
      </Menu>
      {arranging && <ColumnsDialog columns={columns} onClose={() => setArranging(false)} />}
    </span>
  );
}
