'use client';

import type { CredentialDto, CredentialWithSecretDto } from '@gatehouse/contract';
import { useRef, useState } from 'react';
import { api } from '@/lib/api';
import { useText } from '@/lib/i18n';
import { useForm } from '@/lib/use-form';
import { useLeaveQuestion } from '@/lib/use-leave-question';
import { useSave } from '@/lib/use-save';
import { cloneDraft, emptyDraft, toClone, type Draft, type SecretChoice } from './draft';
import { bodiesOf, countOf, SEVERAL_MAX } from './several';
import type { TypedPrefill } from './typed-draft';

interface CreateOptions {
  readonly prefill: TypedPrefill & { readonly username: string | null; readonly clientId: string | null };
  /** The credential that is cloned. */
  readonly original: CredentialDto | undefined;
  /** Told once all are made. */
  readonly onMade: (credentials: readonly CredentialWithSecretDto[]) => void;
}

/**
 * What is being made, and how it is sent: several one after the other. Where one cannot be made, those before it stay made,
 * and the next try goes on with it.
 */
export function useCreate({ prefill, original, onMade }: CreateOptions) {
  const [draft, setDraft] = useState<Draft>(() =>
    original === undefined ? emptyDraft(prefill) : cloneDraft(original),
  );
  const [secret, setSecret] = useState<SecretChoice>({
    kind: original?.passwordless === true ? 'none' : 'generate',
  });
  const t = useText('credentials');
  const [countText, setCountText] = useState('1');
  const wanted = countOf(countText);
  const count = wanted ?? 1;
  const made = useRef<CredentialWithSecretDto[]>([]);
  const [madeOf, setMadeOf] = useState(0);
  // The secrets of those that are made are nowhere else.
  useLeaveQuestion(madeOf > 0);
  const bodies = original === undefined ? bodiesOf(draft, secret, count) : [toClone(draft, secret, original)];
  const makeAll = async (): Promise<readonly CredentialWithSecretDto[]> => {
    for (const body of bodies.slice(made.current.length)) {
      made.current.push(await api.post<CredentialWithSecretDto>('/credentials', body));
      if (count > 1) setMadeOf(made.current.length);
    }
    return made.current;
  };
  const save = useSave(makeAll, { stale: ['/credentials', '/stats', '/start-status'], onDone: onMade });
  const form = useForm('createCredential', bodies[madeOf] ?? bodies.at(-1), save, {
    count: wanted === undefined ? t('several.countWrong', { max: SEVERAL_MAX }) : undefined,
  });
  return { draft, setDraft, secret, setSecret, count, countText, setCountText, form, madeOf };
}
