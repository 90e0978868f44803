'use client';

import { showToast } from '@/components/ui/toast';
import { api } from '@/lib/api';
import { useText } from '@/lib/i18n';
import { useAction } from '@/lib/use-action';

const STALE = ['/credentials', '/stats'] as const;

/** Writes that the list, the bulk bar and the drawer share. */
export function useCredentialActions() {
  const t = useText('credentials');
  const setEnabled = useAction(
    (input: { readonly ids: readonly string[]; readonly enabled: boolean }) =>
      api.post<{ affected: number }>('/credentials/set-enabled', input),
    {
      stale: STALE,
      onDone: ({ affected }, { enabled }) =>
        showToast({
          tone: 'good',
          text: t(enabled ? 'toast.enabled' : 'toast.disabled', { count: affected }),
        }),
    },
  );
  const remove = useAction(
    (ids: readonly string[]) => api.post<{ deleted: number }>('/credentials/delete', { ids }),
    {
      stale: STALE,
      onDone: ({ deleted }) => showToast({ tone: 'good', text: t('toast.deleted', { count: deleted }) }),
    },
  );
  return { setEnabled, remove };
}
