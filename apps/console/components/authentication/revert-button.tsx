'use client';

import { Undo2 } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { showToast } from '@/components/ui/toast';
import { api } from '@/lib/api';
import { useText } from '@/lib/i18n';
import { useMay } from '@/lib/session';
import { useAction } from '@/lib/use-action';
import { staleOf, useConflict } from './use-authentication-actions';

interface RevertButtonProps {
  /** Of the chain, authenticator or policy, under the API. */
  readonly path: string;
  readonly version: number;
  /** What it brings back, where that can be said in a line. */
  readonly tip?: string;
}

/** Brings back what the last change replaced; pressing it again undoes that. */
export function RevertButton({ path, version, tip }: RevertButtonProps) {
  const t = useText('authentication');
  const isConflict = useConflict();
  const revert = useAction(() => api.post(`${path}/revert`, undefined, { version }), {
    stale: [...staleOf(), path],
    onDone: () => showToast({ tone: 'good', text: t('revert.done'), detail: t('revert.again') }),
    toastProblems: false,
  });
  if (!useMay('authentication:write')) return null;
  return (
    <Button
      size="sm"
      icon={<Undo2 aria-hidden className="size-4" />}
      busy={revert.isPending}
      data-tip={tip ?? t('revert.tip')}
      onClick={() =>
        revert.mutate(undefined, {
          onError: (error) => {
            if (!isConflict(error))
              showToast({ tone: 'bad', text: t('revert.failed'), detail: error.message });
          },
        })
      }
    >
      {t('revert.button')}
    </Button>
  );
}
