import type { Scope } from '@gatehouse/contract';
import {
  Ban,
  BellRing,
  BookOpen,
  FileBadge,
  FlaskConical,
  Gauge,
  KeyRound,
  LayoutDashboard,
  ListChecks,
  ListFilter,
  ListTree,
  MessageSquare,
  Pin,
  PlugZap,
  ScrollText,
  ShieldX,
  Split,
  SquareTerminal,
  UsersRound,
  type LucideIcon,
} from 'lucide-react';

export interface NavItem {
  readonly href: string;
  /** Key in `shell.nav`. */
  readonly key:
    | 'overview'
    | 'unauthorized'
    | 'credentials'
    | 'authentication'
    | 'access'
    | 'blocked'
    | 'alerts'
    | 'certificates'
    | 'try'
    | 'clients'
    | 'subscriptions'
    | 'retained'
    | 'messages'
    | 'limits'
    | 'audit'
    | 'apiKeys'
    | 'users'
    | 'start'
    | 'help';
  readonly icon: LucideIcon;
  readonly scope: Scope;
  /** Keys that go there, in tinykeys' notation. */
  readonly keys: string;
  readonly group: 'work' | 'broker' | 'admin' | 'help';
}

/** Every page there is; nothing that is not. */
export const NAV: readonly NavItem[] = [
  { href: '/', key: 'overview', icon: LayoutDashboard, scope: 'stats:read', keys: 'g o', group: 'work' },
  {
    href: '/unauthorized',
    key: 'unauthorized',
    icon: ShieldX,
    scope: 'unauthorized:read',
    keys: 'g u',
    group: 'work',
  },
  {
    href: '/credentials',
    key: 'credentials',
    icon: KeyRound,
    scope: 'credentials:read',
    keys: 'g c',
    group: 'work',
  },
  {
    href: '/authentication',
    key: 'authentication',
    icon: Split,
    scope: 'authentication:read',
    keys: 'g n',
    group: 'work',
  },
  { href: '/access', key: 'access', icon: ListFilter, scope: 'access:read', keys: 'g w', group: 'work' },
  { href: '/blocked', key: 'blocked', icon: Ban, scope: 'blocks:read', keys: 'g d', group: 'work' },
  { href: '/alerts', key: 'alerts', icon: BellRing, scope: 'alerts:read', keys: 'g h', group: 'work' },
  {
    href: '/certificates',
    key: 'certificates',
    icon: FileBadge,
    scope: 'certificates:read',
    keys: 'g e',
    group: 'work',
  },
  { href: '/try', key: 'try', icon: FlaskConical, scope: 'try:run', keys: 'g t', group: 'work' },
  {
    href: '/clients',
    key: 'clients',
    icon: PlugZap,
    scope: 'clients:read',
    keys: 'g l',
    group: 'broker',
  },
  {
    href: '/subscriptions',
    key: 'subscriptions',
    icon: ListTree,
    scope: 'clients:read',
    keys: 'g b',
    group: 'broker',
  },
  { href: '/retained', key: 'retained', icon: Pin, scope: 'messages:read', keys: 'g r', group: 'broker' },
  {
    href: '/messages',
    key: 'messages',
    icon: MessageSquare,
    scope: 'messages:read',
    keys: 'g m',
    group: 'broker',
  },
  { href: '/settings/limits', key: 'limits', icon: Gauge, scope: 'stats:read', keys: 'g i', group: 'broker' },
  { href: '/audit', key: 'audit', icon: ScrollText, scope: 'audit:read', keys: 'g a', group: 'admin' },
  {
    href: '/settings/api-keys',
    key: 'apiKeys',
    icon: SquareTerminal,
    scope: 'api-keys:read',
    keys: 'g k',
    group: 'admin',
  },
  {
    href: '/settings/users',
    key: 'users',
    icon: UsersRound,
    scope: 'users:read',
    keys: 'g p',
    group: 'admin',
  },
  { href: '/start', key: 'start', icon: ListChecks, scope: 'stats:read', keys: 'g s', group: 'help' },
  { href: '/help', key: 'help', icon: BookOpen, scope: 'stats:read', keys: 'g g', group: 'help' },
];
