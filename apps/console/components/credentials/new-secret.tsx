'use client';

import type { CredentialWithSecretDto } from '@gatehouse/contract';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { useText } from '@/lib/i18n';
import { SecretScreen } from './secret-screen';

interface NewSecretProps {
  readonly credential: CredentialWithSecretDto;
  readonly onClose: () => void;
}

/** The new secret of a credential, shown once: it closes by its button only. */
export function NewSecret({ credential, onClose }: NewSecretProps) {
  const t = useText('credentials');
  return (
    <Dialog
      open
      sticky
      onClose={onClose}
      title={t('reset.done')}
      footer={
        <Button tone="primary" onClick={onClose}>
          {t('once.kept')}
        </Button>
      }
    >
      <SecretScreen credential={credential} />
    </Dialog>
  );
}
