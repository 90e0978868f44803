'use client';

import { useRouter } from 'next/navigation';
import { useEffect, useState, type ReactNode } from 'react';
import { Dialog } from '@/components/ui/dialog';
import { Toaster } from '@/components/ui/toast';
import { TooltipHost } from '@/components/ui/tooltip-host';
import { useText } from '@/lib/i18n';
import { lazyPart } from '@/lib/lazy-part';
import { NAV } from '@/lib/nav';
import { useShortcuts } from '@/lib/use-shortcuts';
import { useWall } from '@/lib/use-wall';
import { LiveStatus } from './live-status';
import { MissingPart } from './missing-part';
import { Sidebar } from './sidebar';
import { TopBar } from './top-bar';

const Palette = lazyPart(() => import('./palette').then((module) => module.Palette));
const HelpDialog = lazyPart(() => import('./help-dialog').then((module) => module.HelpDialog));

const ConfirmSelf = lazyPart(() => import('./confirm-self').then((module) => module.ConfirmSelf));

/** What lies over the page, if anything. */
type Overlay = 'none' | 'menu' | 'palette' | 'help';

/** The frame around every page: menu at the side, bar on top, what they open, messages and tips. */
export function Shell({ children }: { readonly children: ReactNode }) {
  const t = useText('shell');
  const router = useRouter();
  const [overlay, setOverlay] = useState<Overlay>('none');
  const wall = useWall();
  const close = (): void => setOverlay('none');
  useShortcuts({
    '?': () => setOverlay('help'),
    'Shift+?': () => setOverlay('help'),
    ...Object.fromEntries(NAV.map((item) => [item.keys, () => router.push(item.href)])),
  });
  usePaletteKey(() => setOverlay((now) => (now === 'palette' ? 'none' : 'palette')));
  return (
    <div className="flex min-h-dvh">
      <a
        href="#content"
        className="fixed top-2 start-2 z-50 -translate-y-16 rounded-md bg-accent px-3 py-1.5 text-accent-fg focus:translate-y-0"
      >
        {t('skip')}
      </a>
      {!wall && (
        <aside className="sticky top-0 hidden h-dvh w-56 shrink-0 border-e border-line bg-surface lg:block">
          <Sidebar />
        </aside>
      )}
      <div className="flex min-w-0 flex-1 flex-col">
        {!wall && (
          <TopBar
            onMenu={() => setOverlay('menu')}
            onPalette={() => setOverlay('palette')}
            onHelp={() => setOverlay('help')}
          />
        )}
        <main id="content" tabIndex={-1} className="flex min-w-0 flex-1 flex-col outline-none">
          {children}
        </main>
      </div>
      <Dialog
        open={overlay === 'menu'}
        onClose={close}
        title={t('menu')}
        variant="left"
        footer={<LiveStatus />}
      >
        <div className="-mx-5 -my-4">
          <Sidebar onNavigate={close} />
        </div>
      </Dialog>
      {overlay === 'palette' && <Palette open onClose={close} />}
      {overlay === 'help' && <HelpDialog open onClose={close} />}
      <ConfirmSelf />
      <MissingPart />
      <Toaster />
      <TooltipHost />
    </div>
  );
}

/** Ctrl K and Cmd K work wherever the focus is, text fields included; that is no single-key shortcut. */
function usePaletteKey(toggle: () => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (
        event.key.toLowerCase() !== 'k' ||
        !(event.ctrlKey || event.metaKey) ||
        event.altKey ||
        event.shiftKey
      )
        return;
      event.preventDefault();
      toggle();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  });
}
