'use client';

import type { PasswordFault } from '@gatehouse/contract/password-rules';
import { PASSWORD_CHARS } from '@gatehouse/contract/password-chars';
import { useState } from 'react';
import { useText } from './i18n';

/**
 * What the server would say against a password, while it is typed: the same rules, loaded with its first key.
 *
 * @returns the fault in words, and what is told of each key
 */
export function usePasswordFault(ownWords: readonly string[]) {
  const t = useText('account');
  const [fault, setFault] = useState<PasswordFault | undefined>(undefined);
  const check = async (password: string): Promise<void> => {
    const { passwordFault } = await import('@gatehouse/contract/password-rules');
    setFault(password === '' ? undefined : passwordFault(password, ownWords));
  };
  const words = fault === undefined ? undefined : t(`password.fault.${fault}`, PASSWORD_CHARS);
  return [words, (password: string): void => void check(password)] as const;
}
