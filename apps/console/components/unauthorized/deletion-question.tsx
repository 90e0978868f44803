'use client';

import { Confirm } from '@/components/ui/confirm';
import { ClientText } from '@/components/ui/client-text';
import { useFormat, useText } from '@/lib/i18n';
import { everythingResource } from '@/lib/unauthorized/resources';
import type { DeletionTarget } from '@/lib/unauthorized/use-deletion';
import type { RefusedModel } from '@/lib/unauthorized/use-model';
import { useResource } from '@/lib/use-resource';

/** "Yes or no?" before rows go. Names what goes, and how many. */
export function DeletionQuestion({
  model,
  asked,
}: {
  readonly model: RefusedModel;
  readonly asked: DeletionTarget;
}) {
  const { formatNumber } = useFormat();
  const t = useText('unauthorized');
  const { ask, deletion, selection, control, openId } = model;
  const everything = useResource(everythingResource, { enabled: asked.kind === 'everything' });
  const count =
    asked.kind === 'one' ? 1 : asked.kind === 'selected' ? asked.count : (everything.data?.clients ?? null);
  const shown = count === null ? '…' : formatNumber(count);
  const confirm = async (): Promise<void> => {
    if (!(await deletion.run(asked))) return;
    ask(null);
    selection.clear();
    if (asked.kind === 'everything' || (asked.kind === 'one' && asked.id === openId)) control.open(null);
  };
  return (
    <Confirm
      open
      title={t(`delete.title.${asked.kind}`, { count: count ?? 0, shown })}
      confirmLabel={
        asked.kind === 'one' ? t('delete.yes') : t('delete.yesMany', { count: count ?? 0, shown })
      }
      cancelLabel={t('delete.no')}
      busy={deletion.busy || count === null}
      onConfirm={() => void confirm()}
      onClose={() => ask(null)}
    >
      {asked.kind === 'one' && (
        <p className="mb-2 break-words">
          <ClientText text={asked.clientId ?? t('noConnect')} />
        </p>
      )}
      <p className="text-muted">{t(`delete.text.${asked.kind}`, { count: count ?? 0, shown })}</p>
    </Confirm>
  );
}
