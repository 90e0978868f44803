'use client';

import type { UnauthorizedClientDetailDto } from '@gatehouse/contract';
import { ResetDialog } from '@/components/credentials/reset-dialog';
import { useText } from '@/lib/i18n';
import { PATH } from '@/lib/unauthorized/query';
import { SecretOnce } from './secret-once';

interface ResetSecretProps {
  readonly row: UnauthorizedClientDetailDto;
  readonly credentialId: string;
  readonly onClose: () => void;
}

/** A new secret for the credential that the refusal was about: it has one, which did not match. */
export function ResetSecret({ row, credentialId, onClose }: ResetSecretProps) {
  const t = useText('unauthorized');
  return (
    <ResetDialog
      credential={{
        type: row.reason.startsWith('PSK_') ? 'psk' : 'basic',
        id: credentialId,
        name: row.credential?.name ?? '',
        hasSecret: true,
      }}
      submitLabel={t('fix.reset-secret')}
      stale={[`${PATH}/${row.id}`]}
      onClose={onClose}
      done={(credential) => (
        <SecretOnce row={row} credential={credential} title={t('once.reset')} onClose={onClose} />
      )}
    />
  );
}
