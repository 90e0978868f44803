'use client';

import type { ApiKeyDto } from '@gatehouse/contract';
import { SquareTerminal, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Badge } from '@/components/ui/badge';
import { IconButton } from '@/components/ui/button';
import { Confirm } from '@/components/ui/confirm';
import { State } from '@/components/ui/states';
import { td, tr } from '@/components/ui/table';
import { RelativeTime } from '@/components/ui/time';
import { showToast } from '@/components/ui/toast';
import { api } from '@/lib/api';
import { cx } from '@/lib/cx';
import { apiKeysResource } from '@/lib/endpoints';
import { useText } from '@/lib/i18n';
import { lazyPart } from '@/lib/lazy-part';
import { useMay } from '@/lib/session';
import { useAction } from '@/lib/use-action';
import { useResource } from '@/lib/use-resource';
import { SettingsList } from './settings-list';

const CreateKeyDialog = lazyPart(() =>
  import('./create-key-dialog').then((module) => module.CreateKeyDialog),
);

const COLUMNS = ['name', 'key', 'role', 'createdBy', 'lastUsed', 'expires'] as const;

/** Keys for scripts: made, shown once, revoked. */
export function ApiKeys() {
  const t = useText('settings');
  const mayWrite = useMay('api-keys:write');
  const list = useResource(apiKeysResource);
  const [creating, setCreating] = useState(false);
  const [revoking, setRevoking] = useState<ApiKeyDto | null>(null);
  return (
    <SettingsList
      area="keys"
      columns={COLUMNS}
      withActions
      list={list}
      empty={
        <State icon={<SquareTerminal aria-hidden />} title={t('keys.noneYet')}>
          {t('keys.noneYetHint')}
        </State>
      }
      {...(mayWrite ? { onCreate: () => setCreating(true) } : {})}
      row={(key) => (
        <KeyRow key={key.id} apiKey={key} mayWrite={mayWrite} onRevoke={() => setRevoking(key)} />
      )}
    >
      {creating && <CreateKeyDialog onClose={() => setCreating(false)} />}
      {revoking !== null && <RevokeKey apiKey={revoking} onClose={() => setRevoking(null)} />}
    </SettingsList>
  );
}

interface KeyRowProps {
  readonly apiKey: ApiKeyDto;
  readonly mayWrite: boolean;
  readonly onRevoke: () => void;
}

function KeyRow({ apiKey, mayWrite, onRevoke }: KeyRowProps) {
  const t = useText('settings');
  const shell = useText('shell');
  const common = useText('common');
  return (
    <tr className={tr}>
      <td className={cx(td, 'font-medium')}>{apiKey.name}</td>
      <td className={cx(td, 'mono text-muted')}>{apiKey.prefix}…</td>
      <td className={td}>
        <Badge>{shell(`role.${apiKey.role}`)}</Badge>
        {apiKey.scopes.length > 0 && (
          <span className="ms-1.5 text-xs text-muted" data-tip={apiKey.scopes.join(', ')}>
            {t('keys.scopes', { count: apiKey.scopes.length })}
          </span>
        )}
      </td>
      <td className={td}>
        <bdi>{apiKey.createdBy}</bdi>
      </td>
      <td className={td}>
        {apiKey.lastUsedAt === null ? (
          <span className="text-faint">{common('never')}</span>
        ) : (
          <>
            <RelativeTime iso={apiKey.lastUsedAt} />{' '}
            <span className="mono text-xs text-faint">{apiKey.lastUsedIp}</span>
          </>
        )}
      </td>
      <td className={td}>
        {apiKey.expiresAt === null ? (
          <span className="text-faint">{common('never')}</span>
        ) : (
          <RelativeTime iso={apiKey.expiresAt} />
        )}
      </td>
      <td className={cx(td, 'text-end')}>
        {mayWrite && (
          <IconButton label={t('keys.revoke', { name: apiKey.name })} tone="quiet" onClick={onRevoke}>
            <Trash2 aria-hidden />
          </IconButton>
        )}
      </td>
    </tr>
  );
}

function RevokeKey({ apiKey, onClose }: { readonly apiKey: ApiKeyDto; readonly onClose: () => void }) {
  const t = useText('settings');
  const revoke = useAction(() => api.delete(`/api-keys/${apiKey.id}`), {
    stale: ['/api-keys'],
    onDone: () => {
      showToast({ tone: 'good', text: t('keys.revoked', { name: apiKey.name }) });
      onClose();
    },
  });
  return (
    <Confirm
      open
      title={t('keys.revokeTitle', { name: apiKey.name })}
      confirmLabel={t('keys.revokeConfirm')}
      cancelLabel={t('keep')}
      busy={revoke.isPending}
      onConfirm={() => revoke.mutate(undefined)}
      onClose={onClose}
    >
      {t('keys.revokeText')}
    </Confirm>
  );
}
