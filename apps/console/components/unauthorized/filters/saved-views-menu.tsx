'use client';

import { Bookmark, ChevronDown, X } from 'lucide-react';
import { useRouter, useSearchParams } from 'next/navigation';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Menu, MenuItem, MenuLabel, MenuSeparator } from '@/components/ui/menu';
import { useText } from '@/lib/i18n';
import { lazyPart } from '@/lib/lazy-part';
import { useSession } from '@/lib/session';
import { parseSavedViews, searchToSave, withView } from '@/lib/unauthorized/saved-views';
import { usePref } from '@/lib/use-pref';

const SaveView = lazyPart(() => import('./save-view').then((module) => module.SaveView));

/** Views with a name, kept for this person in this browser. */
export function SavedViews() {
  const t = useText('unauthorized');
  const router = useRouter();
  const params = useSearchParams();
  const owner = useSession().user?.id ?? 'key';
  const [text, set] = usePref(`unauthorized.views.${owner}`, '[]');
  const [naming, setNaming] = useState(false);
  const views = parseSavedViews(text);
  return (
    <>
      <Menu
        trigger={
          <Button icon={<Bookmark aria-hidden className="size-4" />}>
            {t('views.label')}
            <ChevronDown aria-hidden className="size-3.5 text-faint" />
          </Button>
        }
      >
        {views.length === 0 && <MenuLabel>{t('views.none')}</MenuLabel>}
        {views.map((view) => (
          <MenuItem key={view.name} onSelect={() => router.push(`/unauthorized?${view.search}`)}>
            {view.name}
          </MenuItem>
        ))}
        <MenuSeparator />
        <MenuItem icon={<Bookmark aria-hidden />} onSelect={() => setNaming(true)}>
          {t('views.save')}
        </MenuItem>
        {views.map((view) => (
          <MenuItem
            key={view.name}
            icon={<X aria-hidden />}
            onSelect={() => set(JSON.stringify(views.filter((one) => one !== view)))}
          >
            {t('views.remove', { name: view.name })}
          </MenuItem>
        ))}
      </Menu>
      {naming && (
        <SaveView
          onClose={() => setNaming(false)}
          onSave={(name) =>
            set(JSON.stringify(withView(views, { name, search: searchToSave(params.toString()) })))
          }
        />
      )}
    </>
  );
}
