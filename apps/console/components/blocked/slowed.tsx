'use client';

import type { SlowedGuesserDto } from '@gatehouse/contract';
import { CircleCheck, ShieldOff, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Confirm } from '@/components/ui/confirm';
import { ErrorState, Notice, StaleBanner, State } from '@/components/ui/states';
import { RelativeTime } from '@/components/ui/time';
import { showToast } from '@/components/ui/toast';
import { api } from '@/lib/api';
import { slowedResource } from '@/lib/endpoints';
import { useText } from '@/lib/i18n';
import { useMay } from '@/lib/session';
import { useAction } from '@/lib/use-action';
import { useResource } from '@/lib/use-resource';
import { guesserOf } from './guesser';
import { SlowedTable } from './slowed-table';

const REFRESH_MS = 10_000;

/** Who may not try a password now because logins failed; each, and all, can be taken back. */
export function Slowed() {
  const t = useText('blocked');
  const mayWrite = useMay('blocks:write');
  const [asking, setAsking] = useState(false);
  const list = useResource(slowedResource, { refetchInterval: REFRESH_MS });
  const forgive = useForgive(() => setAsking(false));
  const items = list.data?.items;
  const retry = (): void => void list.refetch();
  return (
    <section aria-labelledby="slowed" className="flex flex-col gap-3">
      <div className="flex flex-wrap items-end justify-between gap-2">
        <div>
          <h2 id="slowed" className="text-lg font-semibold">
            {t('slowed.title')}
          </h2>
          <p className="text-muted">{t('slowed.subtitle')}</p>
        </div>
        {mayWrite && items !== undefined && items.length > 0 && (
          <Button onClick={() => setAsking(true)}>{t('slowed.forgiveAll')}</Button>
        )}
      </div>
      {list.data?.complete === false && (
        <Notice tone="warning" icon={<TriangleAlert aria-hidden className="text-ignored" />}>
          {t('slowed.incomplete')}
        </Notice>
      )}
      {list.isError && items !== undefined && (
        <StaleBanner
          since={<RelativeTime iso={new Date(list.dataUpdatedAt).toISOString()} />}
          onRetry={retry}
        />
      )}
      <div className="card min-w-0 overflow-hidden">
        {list.isError && items === undefined ? (
          <ErrorState error={list.error} onRetry={retry} />
        ) : items?.length === 0 ? (
          <Nobody enabled={list.data?.enabled === true} />
        ) : (
          <SlowedTable rows={items} {...(mayWrite ? { onForgive: forgive.one } : {})} />
        )}
      </div>
      <Confirm
        open={asking}
        title={t('slowed.forgiveAllTitle')}
        confirmLabel={t('slowed.forgiveAllConfirm')}
        busy={forgive.busy}
        onConfirm={forgive.all}
        onClose={() => setAsking(false)}
      >
        {t('slowed.forgiveAllBody')}
      </Confirm>
    </section>
  );
}

function Nobody({ enabled }: { readonly enabled: boolean }) {
  const t = useText('blocked');
  const which = enabled ? 'none' : 'off';
  return (
    <State
      icon={enabled ? <CircleCheck aria-hidden /> : <ShieldOff aria-hidden />}
      title={t(`slowed.${which}`)}
    >
      {t(`slowed.${which}Hint`)}
    </State>
  );
}

function useForgive(onDone: () => void): {
  readonly one: (guesser: SlowedGuesserDto) => void;
  readonly all: () => void;
  readonly busy: boolean;
} {
  const t = useText('blocked');
  const action = useAction((body: object) => api.post('/guessing/forgive', body), {
    stale: ['/guessing', '/unauthorized-clients'],
    onDone: () => {
      onDone();
      showToast({ tone: 'good', text: t('slowed.forgiven') });
    },
  });
  return {
    one: (guesser) => action.mutate({ guessers: [guesserOf(guesser)] }),
    all: () => action.mutate({ all: true }),
    busy: action.isPending,
  };
}
