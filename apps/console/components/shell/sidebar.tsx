'use client';

import Link, { useLinkStatus } from 'next/link';
import { usePathname } from 'next/navigation';
import { Wordmark } from '@/components/brand';
import { cx } from '@/lib/cx';
import { useFormat, useText } from '@/lib/i18n';
import { NAV, type NavItem } from '@/lib/nav';
import type { LucideIcon } from 'lucide-react';
import { useSession } from '@/lib/session';
import { useShellStats } from './use-shell-stats';

const GROUPS = ['work', 'broker', 'admin', 'help'] as const;
const HEADINGS: Readonly<Partial<Record<NavItem['group'], string>>> = {
  broker: 'broker',
  admin: 'administration',
};

const isCurrent = (href: string, path: string): boolean =>
  href === '/' ? path === '/' : path === href || path.startsWith(`${href}/`);

/** The menu; drawn in the side column on wide screens and in a drawer on narrow ones. */
export function Sidebar({ onNavigate }: { readonly onNavigate?: () => void }) {
  const { formatCompact } = useFormat();
  const t = useText('shell');
  const path = usePathname();
  const { scopes } = useSession();
  const stats = useShellStats().data;
  const counts: Readonly<Partial<Record<NavItem['key'], string>>> =
    stats === undefined
      ? {}
      : {
          unauthorized: `${formatCompact(stats.unauthorizedOpen)}${stats.unauthorizedOpenIsExact ? '' : '+'}`,
          credentials: formatCompact(stats.credentials),
          clients: formatCompact(stats.clientsOnline),
        };
  return (
    <nav aria-label={t('menu')} className="flex h-full flex-col gap-4 overflow-y-auto px-3 py-3">
      <Link href="/" className="flex h-8 items-center px-2" {...(onNavigate ? { onClick: onNavigate } : {})}>
        <Wordmark />
      </Link>
      {GROUPS.map((group) => {
        const items = NAV.filter((item) => item.group === group && scopes.includes(item.scope));
        if (items.length === 0) return null;
        const heading = HEADINGS[group];
        return (
          <div key={group} className={cx('flex flex-col gap-0.5', group === 'help' && 'mt-auto')}>
            {heading !== undefined && <h2 className="px-2 pb-1 text-xs text-faint">{t(heading)}</h2>}
            {items.map((item) => (
              <SidebarLink
                key={item.href}
                item={item}
                current={isCurrent(item.href, path)}
                count={counts[item.key]}
                onNavigate={onNavigate}
              />
            ))}
          </div>
        );
      })}
    </nav>
  );
}

interface SidebarLinkProps {
  readonly item: NavItem;
  readonly current: boolean;
  readonly count: string | undefined;
  readonly onNavigate: (() => void) | undefined;
}

function SidebarLink({ item, current, count, onNavigate }: SidebarLinkProps) {
  const t = useText('shell');
  return (
    <Link
      href={item.href}
      prefetch={false}
      aria-current={current ? 'page' : undefined}
      {...(onNavigate ? { onClick: onNavigate } : {})}
      className={cx(
        'flex h-8 items-center gap-2.5 rounded-md px-2 text-muted hover:bg-hover hover:text-fg',
        current && 'bg-hover font-medium text-fg',
      )}
    >
      <LinkIcon icon={item.icon} current={current} />
      <span className="min-w-0 flex-1 truncate">{t(`nav.${item.key}`)}</span>
      {count !== undefined && (
        <span
          className={cx(
            'nums text-xs',
            item.key === 'unauthorized' && count !== '0' ? 'text-refused' : 'text-faint',
          )}
        >
          {count}
        </span>
      )}
    </Link>
  );
}

/** Pulses from the click until the page is there: pages come as one, with their rows. */
function LinkIcon({ icon: Icon, current }: { readonly icon: LucideIcon; readonly current: boolean }) {
  const { pending } = useLinkStatus();
  return (
    <Icon
      aria-hidden
      className={cx(
        'size-4 shrink-0',
        (current || pending) && 'text-accent',
        pending && 'animate-pulse-soft',
      )}
    />
  );
}
