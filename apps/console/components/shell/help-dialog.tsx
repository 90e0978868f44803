'use client';

import { Kbd } from '@/components/ui/copy';
import { Dialog } from '@/components/ui/dialog';
import { useText } from '@/lib/i18n';
import { NAV } from '@/lib/nav';

const EVERYWHERE = [
  ['Ctrl K', 'palette'],
  ['?', 'help'],
  ['/', 'search'],
  ['R', 'refresh'],
] as const;

const TABLE = [
  ['F', 'filters'],
  ['J', 'live'],
  ['↑ ↓', 'move'],
  ['Enter', 'open'],
  ['X', 'select'],
  ['Del', 'delete'],
  ['Z', 'undo'],
  ['C', 'copy'],
] as const;

export function HelpDialog({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  const t = useText('shell');
  return (
    <Dialog open={open} onClose={onClose} title={t('help.title')} description={t('help.off')}>
      <div className="grid gap-6 sm:grid-cols-2">
        <KeyList
          title={t('help.everywhere')}
          rows={EVERYWHERE.map(([keys, name]) => [keys, t(`help.keys.${name}`)])}
        />
        <KeyList
          title={t('help.goTo')}
          rows={NAV.map((item) => [item.keys.toUpperCase(), t(`nav.${item.key}`)])}
        />
        <KeyList title={t('help.table')} rows={TABLE.map(([keys, name]) => [keys, t(`help.keys.${name}`)])} />
      </div>
    </Dialog>
  );
}

function KeyList({
  title,
  rows,
}: {
  readonly title: string;
  readonly rows: readonly (readonly [string, string])[];
}) {
  return (
    <section>
      <h3 className="mb-2 text-sm font-semibold">{title}</h3>
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
