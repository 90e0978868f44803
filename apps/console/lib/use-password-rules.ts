'use client';

import type { PasswordFault } from '@gatehouse/contract/password-rules';
import { useState } from 'react';

/**
 * What the server would say against a password, while it is typed: the same rules, loaded with its first key.
 *
 * @returns the fault, and what is told of each key
 */
export function usePasswordRules(ownWords: readonly string[]) {
  const [fault, setFault] = useState<PasswordFault | undefined>(undefined);
  const check = async (password: string): Promise<void> => {
    const { passwordFault } = await import('@gatehouse/contract/password-rules');
    setFault(password === '' ? undefined : passwordFault(password, ownWords));
  };
  // A server that is away says so when the form is sent.
  return [fault, (password: string): void => void check(password).catch(() => undefined)] as const;
}
