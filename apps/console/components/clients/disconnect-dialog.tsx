'use client';

import { Confirm } from '@/components/ui/confirm';
import { showToast } from '@/components/ui/toast';
import { VisibleSentence } from '@/components/ui/visible-sentence';
import { api } from '@/lib/api';
import { useText } from '@/lib/i18n';
import { useAction } from '@/lib/use-action';

/** Whether the session outlives the closed connection. */
export type Fate = 'keep' | 'end';

interface DisconnectDialogProps {
  readonly clientIds: readonly string[];
  readonly session: Fate;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

const STALE = ['/clients', '/subscriptions', '/stats'] as const;

/** Asks, then closes connections, and ends sessions where that is what was asked for. */
export function DisconnectDialog({ clientIds, session, onClose, onDone }: DisconnectDialogProps) {
  const t = useText('clients');
  const area = session === 'end' ? 'end' : 'disconnect';
  const disconnect = useAction(
    (ids: readonly string[]) =>
      api.post<{ affected: number }>('/clients/disconnect', { clientIds: ids, session }),
    {
      stale: [...STALE, ...clientIds.map((clientId) => `/clients/${encodeURIComponent(clientId)}`)],
      onDone: ({ affected }) => {
        showToast({ tone: 'good', text: t(`${area}.done`, { count: affected }) });
        onClose();
        onDone();
      },
    },
  );
  return (
    <Confirm
      open
      title={
        <VisibleSentence text={t(`${area}.title`, { count: clientIds.length, name: clientIds[0] ?? '' })} />
      }
      confirmLabel={t(`${area}.action`)}
      cancelLabel={t('keep')}
      busy={disconnect.isPending}
      onClose={onClose}
      onConfirm={() => disconnect.mutate(clientIds)}
    >
      <p>{t(`${area}.text`)}</p>
    </Confirm>
  );
}
