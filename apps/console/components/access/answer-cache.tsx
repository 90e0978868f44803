'use client';

import { Eraser } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Confirm } from '@/components/ui/confirm';
import { Card } from '@/components/ui/page';
import { ErrorState, Skeleton } from '@/components/ui/states';
import { showToast } from '@/components/ui/toast';
import { api } from '@/lib/api';
import { aclCacheResource } from '@/lib/endpoints';
import { useFormat, useText } from '@/lib/i18n';
import { useAction } from '@/lib/use-action';
import { useResource } from '@/lib/use-resource';

const REFRESH_MS = 10_000;

/** What sources answered about topics and is remembered; the way to have them asked anew. */
export function AnswerCache({ mayClear }: { readonly mayClear: boolean }) {
  const { formatNumber } = useFormat();
  const t = useText('access');
  const [asking, setAsking] = useState(false);
  const cache = useResource(aclCacheResource, { refetchInterval: REFRESH_MS });
  const clear = useAction(() => api.delete('/acl-cache'), {
    stale: ['/acl-cache'],
    onDone: () => {
      setAsking(false);
      showToast({ tone: 'good', text: t('cache.cleared') });
    },
  });
  const { data } = cache;
  const counts =
    data === undefined
      ? null
      : t('cache.counts', {
          answers: data.answers,
          clients: data.clients,
          shownAnswers: `${formatNumber(data.answers)}${data.complete ? '' : '+'}`,
          shownClients: `${formatNumber(data.clients)}${data.complete ? '' : '+'}`,
        });
  return (
    <Card
      title={t('cache.title')}
      actions={
        mayClear && (
          <Button
            size="sm"
            disabled={data === undefined || data.answers === 0}
            icon={<Eraser aria-hidden className="size-4" />}
            onClick={() => setAsking(true)}
          >
            {t('cache.clear')}
          </Button>
        )
      }
    >
      <div className="flex flex-col gap-1 p-4">
        {counts !== null ? (
          <p className="nums">{counts}</p>
        ) : cache.isError ? (
          <ErrorState error={cache.error} onRetry={() => void cache.refetch()} />
        ) : (
          <Skeleton className="h-4 w-64" />
        )}
        <p className="text-sm text-muted">{t('cache.subtitle')}</p>
      </div>
      <Confirm
        open={asking}
        title={t('cache.clearTitle')}
        confirmLabel={t('cache.clear')}
        busy={clear.isPending}
        onConfirm={() => clear.mutate(undefined)}
        onClose={() => setAsking(false)}
      >
        <p>{counts}</p>
        <p className="mt-2">{t('cache.clearBody')}</p>
      </Confirm>
    </Card>
  );
}
