'use client';

import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { useText } from '@/lib/i18n';
import { RecoveryCodes } from './recovery-codes';

interface CodesDialogProps {
  readonly codes: readonly string[];
  readonly onClose: () => void;
}

/** Closes by its button alone: what is in it is shown once. */
export function CodesDialog({ codes, onClose }: CodesDialogProps) {
  const t = useText('account');
  return (
    <Dialog
      open
      sticky
      onClose={onClose}
      title={t('codes.title')}
      footer={
        <Button tone="primary" onClick={onClose}>
          {t('codes.kept')}
        </Button>
      }
    >
      <RecoveryCodes codes={codes} />
    </Dialog>
  );
}
