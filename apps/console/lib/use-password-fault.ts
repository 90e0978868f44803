'use client';

import { PASSWORD_CHARS } from '@gatehouse/contract/password-chars';
import { useText } from './i18n';
import { usePasswordRules } from './use-password-rules';

/** What is wrong with a password while it is typed, in words; and what is told of each key. */
export function usePasswordFault(ownWords: readonly string[]) {
  const t = useText('account');
  const [fault, check] = usePasswordRules(ownWords);
  return [fault === undefined ? undefined : t(`password.fault.${fault}`, PASSWORD_CHARS), check] as const;
}
