'use client';

import { ChevronDown, ChevronUp, Maximize2, Trash2 } from 'lucide-react';
import Link from 'next/link';
import { useEffect, useRef } from 'react';
import { Button, IconButton, buttonClass } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { useText } from '@/lib/i18n';
import { lazyPart } from '@/lib/lazy-part';
import { useMay } from '@/lib/session';
import { ROW_KEYS } from '@/lib/unauthorized/use-keys';
import { useMedia } from '@/lib/unauthorized/use-media';
import type { RefusedModel } from '@/lib/unauthorized/use-model';
import { focusRow } from '../use-row-keys';
import { DetailSkeleton } from './detail-skeleton';
import { DrawerTitle } from './drawer-title';

const Detail = lazyPart(() => import('./detail').then((module) => module.Detail), DetailSkeleton);

/** Beside the rows where there is room for both; over them otherwise. */
const BESIDE = '(min-width: 1024px)';

/** Why one client was refused and what to click, beside the rows it came from. */
export function ReasonDrawer({ model }: { readonly model: RefusedModel }) {
  const t = useText('unauthorized');
  const beside = useMedia(BESIDE);
  const mayDelete = useMay('unauthorized:delete');
  const { control, openId: id, rows } = model;
  useFocusBack(id);
  if (id === null || beside === null) return null;
  const row = rows.find((one) => one.id === id);
  return (
    <Dialog
      open
      onClose={() => control.open(null)}
      variant="drawer"
      modal={!beside}
      title={<DrawerTitle id={id} row={row} />}
      actions={<Steps model={model} id={id} />}
      footer={
        <div className="flex w-full items-center gap-2">
          <Link href={`/unauthorized/${encodeURIComponent(id)}`} className={buttonClass('quiet', 'sm')}>
            <Maximize2 aria-hidden className="size-3.5" />
            {t('drawer.asPage')}
          </Link>
          {mayDelete && (
            <Button
              size="sm"
              tone="danger"
              className="ms-auto"
              icon={<Trash2 aria-hidden className="size-3.5" />}
              onClick={() => model.ask({ kind: 'one', id, clientId: row?.clientId ?? null })}
            >
              {t('row.delete')}
            </Button>
          )}
        </div>
      }
    >
      <div {...{ [ROW_KEYS]: '' }}>
        <Detail key={id} id={id} />
      </div>
    </Dialog>
  );
}

/** When the drawer closes, the focus is on the row it showed last. */
function useFocusBack(id: string | null): void {
  const before = useRef(id);
  useEffect(() => {
    if (id === null && before.current !== null) focusRow(before.current);
    before.current = id;
  }, [id]);
}

/** To the row above and below; the arrow keys do the same. */
function Steps({ model, id }: { readonly model: RefusedModel; readonly id: string }) {
  const t = useText('unauthorized');
  const { control, rows } = model;
  const at = rows.findIndex((row) => row.id === id);
  const go = (step: 1 | -1) => () => {
    const next = rows[at + step];
    if (next === undefined) return;
    model.setActive(next.id);
    control.open(next.id, 'replace');
  };
  return (
    <span className="flex">
      <IconButton label={t('drawer.previous')} disabled={at <= 0} onClick={go(-1)}>
        <ChevronUp aria-hidden />
      </IconButton>
      <IconButton label={t('drawer.next')} disabled={at === -1 || at === rows.length - 1} onClick={go(1)}>
        <ChevronDown aria-hidden />
      </IconButton>
    </span>
  );
}
