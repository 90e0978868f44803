'use client';

import { useState } from 'react';
import { Kbd } from '@/components/ui/copy';
import { Dialog } from '@/components/ui/dialog';
import { boundKeys } from '@/lib/bound-keys';
import { useText } from '@/lib/i18n';
import { NAV } from '@/lib/nav';
import { useSession } from '@/lib/session';
import { useShortcutsEnabled } from '@/lib/use-shortcuts';

const EVERYWHERE = [
  ['Ctrl K', 'palette'],
  ['?', 'help'],
  ['Esc', 'close'],
] as const;

/** Keys that a page may have, as they are bound, as they are shown, and what they do. */
const OF_PAGES = [
  ['/', '/', 'search'],
  ['f', 'F', 'filters'],
  ['j', 'J', 'live'],
  ['r', 'R', 'refresh'],
  ['ArrowDown', '↑ ↓', 'move'],
  ['Enter', 'Enter', 'open'],
  ['x', 'X', 'select'],
  ['Delete', 'Del', 'delete'],
  ['z', 'Z', 'undo'],
  ['c', 'C', 'copy'],
] as const;

/** Every key of the page as it is now, and those that work everywhere. */
export function HelpDialog({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  const t = useText('shell');
  const { scopes } = useSession();
  const [enabled] = useShortcutsEnabled();
  const [bound] = useState(boundKeys);
  const ofPage = OF_PAGES.filter(([key]) => bound.has(key));
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={t('help.title')}
      description={t(enabled ? 'help.off' : 'help.areOff')}
    >
      <div className="grid gap-6 sm:grid-cols-2">
        <div className="flex flex-col gap-6">
          <KeyList
            title={t('help.here')}
            rows={ofPage.map(([, keys, name]) => [keys, t(`help.keys.${name}`)])}
            none={t('help.none')}
          />
          <KeyList
            title={t('help.everywhere')}
            rows={EVERYWHERE.map(([keys, name]) => [keys, t(`help.keys.${name}`)])}
          />
        </div>
        <KeyList
          title={t('help.goTo')}
          rows={NAV.filter((item) => scopes.includes(item.scope)).map((item) => [
            item.keys.toUpperCase(),
            t(`nav.${item.key}`),
          ])}
        />
      </div>
    </Dialog>
  );
}

interface KeyListProps {
  readonly title: string;
  readonly rows: readonly (readonly [string, string])[];
  /** Said in place of an empty list. */
  readonly none?: string;
}

function KeyList({ title, rows, none }: KeyListProps) {
  return (
    <section>
      <h3 className="mb-2 text-sm font-semibold">{title}</h3>
      {rows.length === 0 && <p className="text-sm text-muted">{none}</p>}
      <dl className="flex flex-col gap-1.5 text-sm">
        {rows.map(([keys, name]) => (
          <div key={keys} className="flex items-center justify-between gap-4">
            <dt className="text-muted">{name}</dt>
            <dd className="flex gap-1">
              {keys.split(' ').map((key) => (
                <Kbd key={key}>{key}</Kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
