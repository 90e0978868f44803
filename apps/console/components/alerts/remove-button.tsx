'use client';

import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import { IconButton } from '@/components/ui/button';
import { Confirm } from '@/components/ui/confirm';
import { showToast } from '@/components/ui/toast';
import { api } from '@/lib/api';
import { useText } from '@/lib/i18n';
import { useAction } from '@/lib/use-action';
import { STALE } from './words';

interface RemoveButtonProps {
  readonly name: string;
  readonly path: string;
  /** What goes with it. */
  readonly hint: string;
}

/** Deletes a rule or a channel, once that is confirmed. */
export function RemoveButton({ name, path, hint }: RemoveButtonProps) {
  const t = useText('alerts');
  const common = useText('common');
  const [asking, setAsking] = useState(false);
  const remove = useAction(() => api.delete(path), {
    stale: STALE,
    onDone: () => showToast({ tone: 'good', text: t('removed') }),
  });
  return (
    <>
      <IconButton label={t('removeRow', { name })} onClick={() => setAsking(true)}>
        <Trash2 aria-hidden />
      </IconButton>
      <Confirm
        open={asking}
        title={t('removeTitle', { name })}
        confirmLabel={common('delete')}
        busy={remove.isPending}
        onConfirm={() => remove.mutate(undefined)}
        onClose={() => setAsking(false)}
      >
        {hint}
      </Confirm>
    </>
  );
}
