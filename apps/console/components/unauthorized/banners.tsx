'use client';

import { CircleSlash, TriangleAlert } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { Notice, StaleBanner } from '@/components/ui/states';
import { RelativeTime } from '@/components/ui/time';
import { useText } from '@/lib/i18n';
import { recorderResource } from '@/lib/unauthorized/resources';
import type { RefusedModel } from '@/lib/unauthorized/use-model';
import { useResource } from '@/lib/use-resource';
import { useSettled } from '@/lib/use-settled';

/** A stream that has been trying to come back for so long is lost, for now. */
const LOST_MS = 1_500;

/** What has to be known before the rows are read. */
export function Banners({ model }: { readonly model: RefusedModel }) {
  const t = useText('unauthorized');
  const { list, control, live } = model;
  const { data: recorder } = useResource(recorderResource);
  // A stream that is opened anew at once left nothing out that would be seen.
  const isLost = useSettled(live.connection, LOST_MS) === 'retrying' && live.connection === 'retrying';
  const stale = (list.isError || isLost) && list.data !== undefined;
  return (
    <>
      {recorder?.impossible.map((cause) => (
        <Notice
          key={cause}
          tone={cause === 'recording-off' ? 'warning' : 'danger'}
          icon={<TriangleAlert aria-hidden className="text-refused" />}
        >
          <strong className="font-semibold">{t(`impossible.${cause}.title`)}</strong>{' '}
          {t(`impossible.${cause}.text`)}
        </Notice>
      ))}
      {control.unreadable.length > 0 && (
        <Notice
          tone="warning"
          icon={<CircleSlash aria-hidden className="text-ignored" />}
          actions={
            <Button
              size="sm"
              onClick={() => control.change(Object.fromEntries(control.unreadable.map((key) => [key, null])))}
            >
              {t('unreadable.remove')}
            </Button>
          }
        >
          {t('unreadable.text', { keys: control.unreadable.join(', '), count: control.unreadable.length })}
        </Notice>
      )}
      {stale && (
        <StaleBanner
          since={<RelativeTime iso={new Date(list.dataUpdatedAt).toISOString()} />}
          onRetry={() => void list.refetch()}
        />
      )}
    </>
  );
}
