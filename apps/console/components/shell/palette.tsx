'use client';

import { Command } from 'cmdk';
import { KeyRound, LogOut, Moon, Plus, ShieldX, Sun, User } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState, type ReactNode } from 'react';
import { Dialog } from '@/components/ui/dialog';
import { useText } from '@/lib/i18n';
import { NAV } from '@/lib/nav';
import { useMay, useSession } from '@/lib/session';
import { applyTheme } from '@/lib/theme';
import { PaletteMatches } from './palette-matches';
import { signOut } from './sign-out';

const item =
  'flex h-9 cursor-pointer items-center gap-2.5 rounded-md px-2.5 text-sm data-[selected=true]:bg-hover [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-muted';
const group =
  '[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:py-1.5 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:text-faint';

interface PaletteProps {
  readonly open: boolean;
  readonly onClose: () => void;
}

/** Pages, actions, attempts by their reference, clients and credentials by what they call themselves. Loaded when first opened. */
export function Palette({ open, onClose }: PaletteProps) {
  const t = useText('shell');
  const router = useRouter();
  const [text, setText] = useState('');
  const run = (action: () => void) => () => {
    onClose();
    setText('');
    action();
  };
  const go = (href: string) => run(() => router.push(href));
  const search = text.trim();
  return (
    <Dialog open={open} onClose={onClose} title={t('palette.title')}>
      <Command label={t('palette.title')} loop className="-mx-3 -my-2">
        <Command.Input
          data-autofocus
          value={text}
          onValueChange={setText}
          placeholder={t('palette.placeholder')}
          className="mb-2 h-9 w-full rounded-md border border-line-strong bg-surface px-3 placeholder:text-faint"
        />
        <Command.List className="max-h-[50dvh] overflow-y-auto">
          {search !== '' && <FindGroup text={search} onGo={go} />}
          <PaletteMatches text={search} itemClass={item} groupClass={group} onGo={(href) => go(href)()} />
          <PagesGroup onGo={go} />
          <ActionsGroup run={run} onGo={go} />
        </Command.List>
      </Command>
    </Dialog>
  );
}

interface GroupProps {
  /** What selecting an entry that leads somewhere does. */
  readonly onGo: (href: string) => () => void;
}

/** The text itself, searched for on the pages that can. */
function FindGroup({ text, onGo }: GroupProps & { readonly text: string }) {
  const t = useText('shell');
  return (
    <Command.Group heading={t('palette.find')} className={group} forceMount>
      <Entry
        icon={<ShieldX aria-hidden />}
        onSelect={onGo(`/unauthorized?search=${encodeURIComponent(text)}`)}
        forceMount
      >
        {t('palette.refused', { text })}
      </Entry>
      <Entry
        icon={<KeyRound aria-hidden />}
        onSelect={onGo(`/credentials?search=${encodeURIComponent(text)}`)}
        forceMount
      >
        {t('palette.credentials', { text })}
      </Entry>
    </Command.Group>
  );
}

function PagesGroup({ onGo }: GroupProps) {
  const t = useText('shell');
  const { scopes } = useSession();
  return (
    <Command.Group heading={t('palette.pages')} className={group}>
      {NAV.filter((each) => scopes.includes(each.scope)).map((each) => (
        <Entry
          key={each.href}
          icon={<each.icon aria-hidden />}
          keywords={t(`palette.words.${each.key}`).split(', ')}
          onSelect={onGo(each.href)}
        >
          {t(`nav.${each.key}`)}
        </Entry>
      ))}
      <Entry icon={<User aria-hidden />} onSelect={onGo('/settings/account')}>
        {t('nav.account')}
      </Entry>
    </Command.Group>
  );
}

interface ActionsGroupProps extends GroupProps {
  /** Closes the palette, then does it. */
  readonly run: (action: () => void) => () => void;
}

function ActionsGroup({ run, onGo }: ActionsGroupProps) {
  const t = useText('shell');
  const mayCreate = useMay('credentials:write');
  return (
    <Command.Group heading={t('palette.actions')} className={group}>
      {mayCreate && (
        <Entry icon={<Plus aria-hidden />} onSelect={onGo('/credentials/new')}>
          {t('palette.createCredential')}
        </Entry>
      )}
      <Entry icon={<Sun aria-hidden />} onSelect={run(() => applyTheme('light'))}>
        {t('palette.light')}
      </Entry>
      <Entry icon={<Moon aria-hidden />} onSelect={run(() => applyTheme('dark'))}>
        {t('palette.dark')}
      </Entry>
      <Entry icon={<LogOut aria-hidden />} onSelect={run(() => void signOut())}>
        {t('signOut')}
      </Entry>
    </Command.Group>
  );
}

interface EntryProps {
  readonly icon: ReactNode;
  readonly forceMount?: boolean;
  /** Other words that find it. */
  readonly keywords?: string[];
  readonly onSelect: () => void;
  readonly children: ReactNode;
}

const Entry = ({ icon, forceMount = false, keywords = [], onSelect, children }: EntryProps) => (
  <Command.Item onSelect={onSelect} forceMount={forceMount} keywords={keywords} className={item}>
    {icon}
    <span className="min-w-0 truncate">{children}</span>
  </Command.Item>
);
