'use client';

import { StaleBanner } from '@/components/ui/states';
import { RelativeTime } from '@/components/ui/time';
import { lazyPart } from '@/lib/lazy-part';
import { recorderResource } from '@/lib/unauthorized/resources';
import type { RefusedModel } from '@/lib/unauthorized/use-model';
import { useResource } from '@/lib/use-resource';
import { useSettled } from '@/lib/use-settled';

/** There is seldom anything to say; a lost server is said by what is here already. */
const SaidFirst = lazyPart(() => import('./said-first').then((module) => module.SaidFirst));

/** A stream that has been trying to come back for so long is lost, for now. */
const LOST_MS = 1_500;
const NONE: readonly string[] = [];

/** What has to be known before the rows are read. */
export function Banners({ model }: { readonly model: RefusedModel }) {
  const { list, control, live } = model;
  const { data: recorder } = useResource(recorderResource);
  const impossible = recorder?.impossible ?? NONE;
  // A stream that is opened anew at once left nothing out that would be seen.
  const isLost = useSettled(live.connection, LOST_MS) === 'retrying' && live.connection === 'retrying';
  const stale = (list.isError || isLost) && list.data !== undefined;
  return (
    <>
      {(impossible.length > 0 || control.unreadable.length > 0) && (
        <SaidFirst impossible={impossible} control={control} />
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
