'use client';

import type { CredentialDto, UnauthorizedClientDetailDto, sessionRelease } from '@gatehouse/contract';
import { showToast } from '@/components/ui/toast';
import { api, problemOf } from '@/lib/api';
import { useText } from '@/lib/i18n';
import { useAction } from '@/lib/use-action';
import type { FixOption } from './fixes';
import { PATH } from './query';

const DAY_SECONDS = 86_400;

/** Fixes that need no form: one press, one answer. */
type DirectFix =
  'accept-previous-secret' | 'enable-credential' | 'release-session' | 'forgive-failures' | 'unblock';

interface FixRun {
  readonly action: DirectFix;
  readonly fix: FixOption;
}

const DIRECT: readonly string[] = [
  'accept-previous-secret',
  'enable-credential',
  'release-session',
  'forgive-failures',
  'unblock',
] satisfies readonly DirectFix[];

const isDirect = (action: string): action is DirectFix => DIRECT.includes(action);

/** Does it; answers the key of what to say. */
async function apply({ action, fix }: FixRun, rowId: string): Promise<string> {
  const credential = `/credentials/${encodeURIComponent(fix.credentialId ?? '')}`;
  const row = `${PATH}/${encodeURIComponent(rowId)}`;
  switch (action) {
    case 'accept-previous-secret': {
      const seconds = fix.prefill['forSeconds'];
      await api.post<CredentialDto>(`${credential}/accept-previous`, {
        forSeconds: typeof seconds === 'number' ? seconds : DAY_SECONDS,
      });
      return action;
    }
    case 'enable-credential':
      await api.patch<CredentialDto>(credential, { enabled: true });
      return action;
    case 'release-session': {
      const { released } = await api.post<(typeof sessionRelease)['_output']>(`${row}/release-session`);
      return released ? action : 'no-session';
    }
    case 'forgive-failures':
      await api.post(`${row}/forgive-failures`);
      return action;
    case 'unblock':
      return unblock(String(fix.prefill['block']));
  }
}

/** Somebody else may have removed it meanwhile: that is just as well. */
async function unblock(block: string): Promise<string> {
  try {
    await api.delete(`/blocked-clients/${encodeURIComponent(block)}`);
    return 'unblock';
  } catch (error) {
    if (problemOf(error).status === 404) return 'no-block';
    throw error;
  }
}

/** Runs a fix at once where it can; `run` answers false for one that has to ask first. */
export function useFixes(row: UnauthorizedClientDetailDto): {
  readonly run: (fix: FixOption) => boolean;
  readonly running: string | null;
} {
  const t = useText('unauthorized');
  const action = useAction((input: FixRun) => apply(input, row.id), {
    stale: ['/credentials', '/blocked-clients', '/guessing', `${PATH}/${row.id}`],
    onDone: (done) => showToast({ tone: 'good', text: t(`fixed.${done}`) }),
  });
  return {
    running: action.isPending ? action.variables.action : null,
    run: (fix) => {
      if (!isDirect(fix.action)) return false;
      action.mutate({ action: fix.action, fix });
      return true;
    },
  };
}
