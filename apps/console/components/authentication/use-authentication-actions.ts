'use client';

import type { AnonymousDto, AuthenticatorDto, ChainDto } from '@gatehouse/contract';
import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { showToast } from '@/components/ui/toast';
import { api, problemOf } from '@/lib/api';
import { useText } from '@/lib/i18n';
import { isOf, useAction } from '@/lib/use-action';
import { toSend } from './use-settings-draft';

const CHANGED_MEANWHILE = 412;
const NOTHING_SAVED = { done: Promise.resolve(), version: 0 } as const;
const authenticatorPath = (name: string): string => `/authenticators/${encodeURIComponent(name)}`;

/**
 * What a change of authenticators, chains or policy makes old. Each of them, too: an authenticator says in which chains it is, and a
 * switch makes a version of it.
 */
export const STALE: readonly string[] = ['/authenticators*', '/chains*', '/anonymous*', '/stats'];

/** Says that somebody else was first, and shows what holds now, rather than overwriting it. */
export function useConflict(): (error: Error) => boolean {
  const t = useText('authentication');
  const client = useQueryClient();
  return (error) => {
    if (problemOf(error).status !== CHANGED_MEANWHILE) return false;
    showToast({ tone: 'bad', text: t('toast.changedMeanwhile'), detail: t('toast.reloaded') });
    void client.invalidateQueries({ predicate: isOf(STALE) });
    return true;
  };
}

function useToldAction<Input, Output>(
  write: (input: Input) => Promise<Output>,
  onDone: (output: Output, input: Input) => void,
) {
  const isConflict = useConflict();
  const failed = useText('common');
  const action = useAction(write, { stale: STALE, toastProblems: false, onDone });
  // What was asked for shows with the click itself: a mutation tells of itself a turn later, and a radio that React had to set
  // back meanwhile would flicker.
  const [asked, setAsked] = useState<{ readonly input: Input } | null>(null);
  const run = (input: Input): void => {
    setAsked({ input });
    action.mutate(input, {
      onSettled: () => setAsked(null),
      onError: (error) => {
        if (isConflict(error)) return;
        const { title, detail } = problemOf(error);
        showToast({
          tone: 'bad',
          text: title === '' ? failed('failed') : title,
          ...(detail === undefined ? {} : { detail }),
        });
      },
    });
  };
  return { run, busy: asked !== null, input: asked?.input };
}

/**
 * Writes in turn, each over the version that the one before it made: who presses twice means both, and the lists that are
 * read anew after each need not have come.
 */
function useInTurn<Output extends { readonly version: number }>() {
  const saved = useRef<{ readonly done: Promise<unknown>; readonly version: number }>(NOTHING_SAVED);
  return async (read: number, write: (version: number) => Promise<Output>): Promise<Output> => {
    const done = saved.current.done.then(() => write(Math.max(read, saved.current.version)));
    const settled = done.then(
      ({ version }) => void (saved.current = { ...saved.current, version }),
      () => undefined,
    );
    saved.current = { ...saved.current, done: settled };
    const answer = await done;
    await settled;
    return answer;
  };
}

/** The order of one chain; saved over the version that was read, or not at all. Changes in a row are saved in a row. */
export function useChainSteps(chain: ChainDto) {
  const t = useText('authentication');
  const inTurn = useInTurn<ChainDto>();
  const write = (steps: ChainDto['steps']): Promise<ChainDto> =>
    inTurn(chain.version, (version) =>
      api.put<ChainDto>(`/chains/${encodeURIComponent(chain.name)}`, { steps }, { version }),
    );
  const { run, busy, input } = useToldAction(write, () =>
    showToast({ tone: 'good', text: t('toast.chain', { name: chain.name }) }),
  );
  // Until the server has answered, what was asked for shows; what it said after that.
  return { steps: busy && input !== undefined ? input : chain.steps, save: run, busy };
}

/** Switches an authenticator on or off, its other settings as they are. */
export function useEnabled() {
  const t = useText('authentication');
  const inTurn = useInTurn<AuthenticatorDto>();
  return useToldAction(
    ({ one, enabled }: { readonly one: AuthenticatorDto; readonly enabled: boolean }) =>
      inTurn(one.version, (version) =>
        api.patch<AuthenticatorDto>(
          authenticatorPath(one.name),
          { settings: toSend({ ...one.settings, type: one.type, enabled }) },
          { version },
        ),
      ),
    ({ name, enabled }) =>
      showToast({ tone: 'good', text: t(enabled ? 'toast.enabled' : 'toast.disabled', { name }) }),
  );
}

export function useAnonymousPolicy(current: AnonymousDto) {
  const t = useText('authentication');
  return useToldAction(
    (policy: AnonymousDto['policy']) =>
      api.put<AnonymousDto>('/anonymous', { policy }, { version: current.version }),
    () => showToast({ tone: 'good', text: t('toast.anonymous') }),
  );
}
