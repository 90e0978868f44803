'use client';

import { Confirm } from '@/components/ui/confirm';
import { showToast } from '@/components/ui/toast';
import { VisibleSentence } from '@/components/ui/visible-sentence';
import { api, type Query } from '@/lib/api';
import { useFormat, useText } from '@/lib/i18n';
import { useAction } from '@/lib/use-action';

/** What is to go: one topic, or everything that a filter matches. */
export type Doomed =
  | { readonly kind: 'topic'; readonly topic: string }
  | { readonly kind: 'filter'; readonly filter: string; readonly count: number; readonly isExact: boolean };

interface DeleteRetainedProps {
  readonly doomed: Doomed;
  readonly onClose: () => void;
  readonly onDeleted: () => void;
}

interface Deleted {
  readonly deleted: number;
  readonly complete: boolean;
}

export function DeleteRetained({ doomed, onClose, onDeleted }: DeleteRetainedProps) {
  const { formatNumber } = useFormat();
  const t = useText('retained');
  const query: Query = doomed.kind === 'topic' ? { topic: doomed.topic } : { filter: doomed.filter };
  const remove = useAction(() => api.delete<Deleted>('/retained', { query }), {
    stale: ['/retained', '/retained/message', '/stats'],
    onDone: ({ deleted, complete }) => {
      showToast({
        tone: 'good',
        text: t('delete.done', { count: deleted }),
        ...(complete ? {} : { detail: t('delete.partly') }),
      });
      onClose();
      onDeleted();
    },
  });
  const many = doomed.kind === 'filter';
  return (
    <Confirm
      open
      title={many ? t('delete.allTitle', { count: doomed.count }) : t('delete.title')}
      confirmLabel={
        many
          ? t('delete.confirm', { count: `${formatNumber(doomed.count)}${doomed.isExact ? '' : '+'}` })
          : t('delete.action')
      }
      cancelLabel={t('delete.keep')}
      busy={remove.isPending}
      onClose={onClose}
      onConfirm={() => remove.mutate(undefined)}
    >
      <VisibleSentence
        text={
          many ? t('delete.allText', { filter: doomed.filter }) : t('delete.text', { topic: doomed.topic })
        }
      />
    </Confirm>
  );
}
