'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Dialog } from '@/components/ui/dialog';
import { useText } from '@/lib/i18n';
import { CodesDialog } from './codes-dialog';
import { EnrolSteps } from './enrol-steps';

/** Sets the authenticator app up, then shows the recovery codes. */
export function EnrolDialog({ onClose }: { readonly onClose: () => void }) {
  const t = useText('account');
  const client = useQueryClient();
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const done = (): void => {
    onClose();
    void client.invalidateQueries({ queryKey: ['/account'] });
    void client.invalidateQueries({ queryKey: ['/account/sessions'] });
  };
  if (codes !== null) return <CodesDialog codes={codes} onClose={done} />;
  return (
    <Dialog open onClose={onClose} title={t('enrol.title')}>
      <EnrolSteps onDone={setCodes} />
    </Dialog>
  );
}
