'use client';

import { CircleHelp, LogOut, Menu as MenuIcon, Monitor, Moon, Search, Sun, User } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { Button, IconButton } from '@/components/ui/button';
import { Kbd } from '@/components/ui/copy';
import { Menu, MenuCheck, MenuItem, MenuLabel, MenuSeparator } from '@/components/ui/menu';
import { useText } from '@/lib/i18n';
import { lazyPart } from '@/lib/lazy-part';
import { useSession } from '@/lib/session';
import { THEMES, type Theme } from '@/lib/theme';
import { useShortcutsEnabled } from '@/lib/use-shortcuts';
import { EnvironmentBadge, LiveStatus } from './live-status';
import { signOut } from './sign-out';
import { useTheme } from './use-theme';

const LanguageItems = lazyPart(() => import('./language-items').then((module) => module.LanguageItems));

interface TopBarProps {
  readonly onMenu: () => void;
  readonly onPalette: () => void;
  readonly onHelp: () => void;
}

export function TopBar({ onMenu, onPalette, onHelp }: TopBarProps) {
  const t = useText('shell');
  return (
    <header className="sticky top-0 z-30 flex h-12 items-center gap-2 border-b border-line bg-canvas px-3 md:px-4">
      <IconButton label={t('openMenu')} onClick={onMenu} className="size-8 lg:hidden">
        <MenuIcon aria-hidden />
      </IconButton>
      <button
        type="button"
        onClick={onPalette}
        aria-keyshortcuts="Control+K Meta+K"
        className="flex h-8 min-w-0 flex-1 items-center gap-2 rounded-md border border-line bg-surface px-2.5 text-faint hover:border-line-strong sm:max-w-72"
      >
        <Search aria-hidden className="size-4 shrink-0" />
        <span className="flex-1 truncate text-start text-sm">{t('palette.open')}</span>
        <span className="hidden sm:block">
          <Kbd>Ctrl K</Kbd>
        </span>
      </button>
      <div className="ms-auto flex items-center gap-1.5 sm:gap-3">
        <EnvironmentBadge />
        <span className="hidden md:block">
          <LiveStatus />
        </span>
        <div className="flex items-center gap-0.5">
          <IconButton label={t('help.open')} onClick={onHelp} className="hidden sm:inline-flex">
            <CircleHelp aria-hidden />
          </IconButton>
          <ThemeMenu />
          <UserMenu />
        </div>
      </div>
    </header>
  );
}

const THEME_ICONS = {
  system: <Monitor aria-hidden />,
  light: <Sun aria-hidden />,
  dark: <Moon aria-hidden />,
} as const;

function ThemeMenu() {
  const t = useText('shell');
  const [theme, setTheme] = useTheme();
  return (
    <Menu trigger={<IconButton label={t('theme.label')}>{THEME_ICONS[theme]}</IconButton>}>
      {THEMES.map((each: Theme) => (
        <MenuCheck key={each} checked={each === theme} onChange={() => setTheme(each)}>
          {t(`theme.${each}`)}
        </MenuCheck>
      ))}
    </Menu>
  );
}

function UserMenu() {
  const t = useText('shell');
  const router = useRouter();
  const session = useSession();
  const [shortcuts, setShortcuts] = useShortcutsEnabled();
  return (
    <Menu
      trigger={
        <Button
          tone="quiet"
          size="sm"
          aria-label={t('account', { name: session.name })}
          icon={<User aria-hidden className="size-4" />}
        >
          <bdi className="hidden max-w-32 truncate md:block">{session.name}</bdi>
        </Button>
      }
    >
      <MenuLabel>
        <bdi className="block text-sm text-fg">{session.name}</bdi>
        <bdi>{session.user?.email}</bdi> · {t(`role.${session.role}`)}
      </MenuLabel>
      <MenuSeparator />
      <MenuItem icon={<User aria-hidden />} onSelect={() => router.push('/settings/account')}>
        {t('nav.account')}
      </MenuItem>
      <MenuSeparator />
      <MenuCheck checked={shortcuts} onChange={setShortcuts}>
        {t('shortcutsOn')}
      </MenuCheck>
      <MenuSeparator />
      <LanguageItems />
      <MenuSeparator />
      <MenuItem icon={<LogOut aria-hidden />} onSelect={() => void signOut()}>
        {t('signOut')}
      </MenuItem>
    </Menu>
  );
}
