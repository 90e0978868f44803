'use client';

import type { CredentialDto } from '@gatehouse/contract';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { TimeInput } from '@/components/ui/time-input';
import { showToast } from '@/components/ui/toast';
import { CheckboxField } from '@/components/ui/toggle';
import { api } from '@/lib/api';
import { useText } from '@/lib/i18n';
import { PATH } from '@/lib/unauthorized/query';
import { useAction } from '@/lib/use-action';

const DEFAULT_EXTENSION_MS = 90 * 86_400_000;

interface ExtendCredentialProps {
  readonly credentialId: string;
  readonly rowId: string;
  readonly onClose: () => void;
}

/** Until when the credential is to be valid again. */
export function ExtendCredential({ credentialId, rowId, onClose }: ExtendCredentialProps) {
  const t = useText('unauthorized');
  const common = useText('common');
  const { until, setUntil, forever, setForever, extend } = useExtension({ credentialId, rowId, onClose });
  const past = !forever && (until === null || new Date(until).getTime() <= Date.now());
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('fix.extend-credential')}
      size="sm"
      footer={
        <>
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button
            tone="primary"
            busy={extend.isPending}
            disabled={past}
            onClick={() => extend.mutate(undefined)}
          >
            {t('fix.extend-credential')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <Field label={t('extend.until')} error={past ? t('extend.past') : undefined}>
          {(ids) => <TimeInput {...ids} disabled={forever} value={until} onChange={setUntil} />}
        </Field>
        <CheckboxField
          label={t('extend.forever')}
          checked={forever}
          onChange={(event) => setForever(event.target.checked)}
        />
      </div>
    </Dialog>
  );
}

/** Until when, and how it is written. */
function useExtension({ credentialId, rowId, onClose }: ExtendCredentialProps) {
  const t = useText('unauthorized');
  const [until, setUntil] = useState<string | null>(() =>
    new Date(Date.now() + DEFAULT_EXTENSION_MS).toISOString(),
  );
  const [forever, setForever] = useState(false);
  const extend = useAction(
    () =>
      api.patch<CredentialDto>(`/credentials/${encodeURIComponent(credentialId)}`, {
        expiresAt: forever ? null : until,
      }),
    {
      stale: ['/credentials', `${PATH}/${rowId}`],
      onDone: () => {
        showToast({ tone: 'good', text: t('fixed.extend-credential') });
        onClose();
      },
    },
  );
  return { until, setUntil, forever, setForever, extend };
}
