'use client';

import type { CredentialWithSecretDto, UnauthorizedClientDetailDto } from '@gatehouse/contract';
import { CircleCheck } from 'lucide-react';
import { SecretScreen } from '@/components/credentials/secret-screen';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Notice } from '@/components/ui/states';
import { useText } from '@/lib/i18n';
import { detailResource } from '@/lib/unauthorized/resources';
import { useResource } from '@/lib/use-resource';

const POLL_MS = 1_500;

interface SecretOnceProps {
  readonly row: UnauthorizedClientDetailDto;
  readonly credential: CredentialWithSecretDto;
  readonly title: string;
  readonly onClose: () => void;
}

/** The secret, once, with the command of this very device; and whether its row is resolved. */
export function SecretOnce({ row, credential, title, onClose }: SecretOnceProps) {
  const t = useText('unauthorized');
  const { data } = useResource(detailResource(row.id), { refetchInterval: POLL_MS });
  // The command uses the device's own ID, whatever the credential asks for: only its own login resolves its row.
  const clientId =
    credential.clientId ?? (row.clientIdTruncated || row.clientId === '' ? null : row.clientId);
  return (
    <Dialog
      open
      sticky
      onClose={onClose}
      title={title}
      footer={
        <Button tone="primary" onClick={onClose}>
          {t('once.kept')}
        </Button>
      }
    >
      <div className="flex flex-col gap-4">
        <SecretScreen credential={{ ...credential, clientId }} />
        {data?.state === 'resolved' && (
          <Notice icon={<CircleCheck aria-hidden className="text-accepted" />}>
            <span role="status">{t('once.resolved')}</span>
          </Notice>
        )}
      </div>
    </Dialog>
  );
}
