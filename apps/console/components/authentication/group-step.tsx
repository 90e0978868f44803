'use client';

import type { AuthenticatorDto } from '@gatehouse/contract';
import { Link2, Pencil, X } from 'lucide-react';
import { Badge } from '@/components/ui/badge';
import { IconButton } from '@/components/ui/button';
import { useText } from '@/lib/i18n';
import { AuthenticatorName } from './authenticator-name';
import { BackendBadges } from './backend-badges';
import type { Group } from './chain-entries';
import { EnabledSwitch } from './enabled-switch';
import { StepStats } from './step-stats';

interface GroupStepProps {
  readonly group: Group;
  readonly all: readonly AuthenticatorDto[];
  /** From 1. */
  readonly place: number;
  readonly editable: boolean;
  readonly onOpen: (name: string) => void;
  readonly onEdit: () => void;
  readonly onRemove: () => void;
}

/** Authenticators that must all allow, at the end of a chain. */
export function GroupStep({ group, all, place, editable, onOpen, onEdit, onRemove }: GroupStepProps) {
  const t = useText('authentication');
  const isOff = group.require.some((name) => all.find((one) => one.name === name)?.enabled === false);
  return (
    <li data-step="require" className="border-b border-line px-3 py-2.5">
      <div className="flex flex-wrap items-start gap-x-3 gap-y-1.5 md:items-center">
        <span className="nums w-10 text-end text-sm text-muted">{place}</span>
        <span className="flex min-w-0 flex-1 flex-wrap items-center gap-x-2 gap-y-1">
          <Link2 aria-hidden className="size-4 text-muted" />
          <strong className="font-medium">{t('required.title')}</strong>
          <Badge>{t(`required.bind.${group.bind}.name`)}</Badge>
          <span className="text-sm text-muted">{t('required.identityIs', { name: group.identity })}</span>
        </span>
        {editable && (
          <>
            <IconButton label={t('required.edit')} onClick={onEdit}>
              <Pencil aria-hidden />
            </IconButton>
            <IconButton label={t('required.remove')} onClick={onRemove}>
              <X aria-hidden />
            </IconButton>
          </>
        )}
      </div>
      {isOff && <p className="mt-1.5 ms-13 text-sm text-refused">{t('required.off')}</p>}
      <ul aria-label={t('required.members')} className="mt-2 ms-13 border-s border-line">
        {group.require.map((name) => (
          <Member key={name} name={name} one={all.find((one) => one.name === name)} onOpen={onOpen} />
        ))}
      </ul>
    </li>
  );
}

interface MemberProps {
  readonly name: string;
  readonly one: AuthenticatorDto | undefined;
  readonly onOpen: (name: string) => void;
}

function Member({ name, one, onOpen }: MemberProps) {
  return (
    <li className="grid items-start gap-x-3 gap-y-2 py-1.5 ps-3 md:grid-cols-[minmax(10rem,1fr)_minmax(0,2fr)_auto] md:items-center">
      <div className="flex min-w-0 flex-col gap-1">
        <AuthenticatorName name={name} one={one} onOpen={onOpen} />
        {one !== undefined && <BackendBadges one={one} />}
      </div>
      <div className="min-w-0">{one !== undefined && <StepStats stats={one.stats} />}</div>
      <div>{one !== undefined && <EnabledSwitch one={one} />}</div>
    </li>
  );
}
