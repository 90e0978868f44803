'use client';

import { useText } from '@/lib/i18n';
import { useForm, type FormState } from '@/lib/use-form';

/**
 * A form whose body goes to the broker rather than to the API: it speaks as the others do, by the protocol's rules.
 *
 * @param draft what is written; with it the version that the rules are of
 * @param problems the key of what is wrong by field
 */
export function useMessageForm(
  draft: unknown,
  problems: Readonly<Partial<Record<string, string>>>,
  send: () => void,
  busy = false,
): FormState {
  const t = useText('messages');
  const errors = Object.entries(problems).flatMap(([path, key]) =>
    key === undefined ? [] : [{ path, message: t(key) }],
  );
  return useForm(() => errors, draft, { problem: null, busy, send });
}
