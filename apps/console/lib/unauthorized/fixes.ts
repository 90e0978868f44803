import type { UnauthorizedClientDetailDto } from '@gatehouse/contract';
import {
  Ban,
  CalendarPlus,
  FileBadge,
  FileClock,
  FlaskConical,
  History,
  KeyRound,
  ListChecks,
  PencilLine,
  Plus,
  ShieldCheck,
  Split,
  ToggleRight,
  Undo2,
  Unplug,
  Wrench,
  type LucideIcon,
} from 'lucide-react';

export type FixOption = UnauthorizedClientDetailDto['fixes'][number];

/** What this console can do, and what it takes; an action that is not here has no button. */
const KNOWN: Readonly<Record<string, { readonly icon: LucideIcon; readonly needs: Permission }>> = {
  'create-credential': { icon: Plus, needs: 'mayWrite' },
  'reset-secret': { icon: KeyRound, needs: 'mayWrite' },
  'accept-previous-secret': { icon: History, needs: 'mayWrite' },
  'enable-credential': { icon: ToggleRight, needs: 'mayWrite' },
  'extend-credential': { icon: CalendarPlus, needs: 'mayWrite' },
  'edit-credential': { icon: PencilLine, needs: 'mayWrite' },
  'edit-rules': { icon: ListChecks, needs: 'mayWrite' },
  'edit-access-rules': { icon: ListChecks, needs: 'mayReadAccess' },
  'renew-certificate': { icon: FileClock, needs: 'mayCertify' },
  'show-certificate': { icon: FileBadge, needs: 'mayRead' },
  'revert-change': { icon: Undo2, needs: 'mayConfigure' },
  'forgive-failures': { icon: Undo2, needs: 'mayWrite' },
  'release-session': { icon: Unplug, needs: 'mayRelease' },
  block: { icon: Ban, needs: 'mayBlock' },
  unblock: { icon: ToggleRight, needs: 'mayBlock' },
  'open-in-tester': { icon: FlaskConical, needs: 'mayTry' },
  'add-rules-for-cn': { icon: ListChecks, needs: 'mayConfigure' },
  'trust-ca': { icon: ShieldCheck, needs: 'mayCertify' },
  'install-ca': { icon: FileBadge, needs: 'mayRead' },
  'edit-listener': { icon: Wrench, needs: 'mayRead' },
  'edit-authenticator': { icon: Split, needs: 'mayConfigure' },
  'edit-chain': { icon: Split, needs: 'mayConfigure' },
  'edit-anonymous-policy': { icon: Split, needs: 'mayConfigure' },
};

type Permission =
  | 'mayRead'
  | 'mayCertify'
  | 'mayWrite'
  | 'mayBlock'
  | 'mayRelease'
  | 'mayTry'
  | 'mayConfigure'
  | 'mayReadAccess';

/** Whether a button is shown: the server can do it, this console knows how, and this person may. */
export const isOffered = (fix: FixOption, may: Readonly<Record<Permission, boolean>>): boolean => {
  const known = KNOWN[fix.action];
  return fix.available && known !== undefined && may[known.needs];
};

export const fixIcon = (action: string): LucideIcon => KNOWN[action]?.icon ?? Wrench;

/** The register's entry of a certificate. */
export const certificateLink = (serial: string): string =>
  `/certificates?search=${encodeURIComponent(serial)}`;

/** A credential, opened for editing. */
export const credentialLink = (id: string): string => `/credentials?open=${encodeURIComponent(id)}`;

/** The chain, authenticator or anonymous policy whose last change is to be taken back, under the API. */
export function changedPath({ kind, name }: FixOption['prefill']): string {
  if (kind === 'anonymous') return '/anonymous';
  return `/${kind === 'chain' ? 'chains' : 'authenticators'}/${encodeURIComponent(String(name))}`;
}
