import { PASSWORD_FAULTS, passwordFault } from '@gatehouse/contract/password-rules';
import { invalidField } from '../problem.ts';

/** Throws a 400 on the field when it is a password that guessing tries first (ASVS 6.2). */
export const checkPassword = (
  password: string,
  ownWords: readonly string[],
  field: 'password' | 'newPassword' = 'password',
): void => {
  const fault = passwordFault(password, ownWords);
  if (fault !== undefined) throw invalidField(field, PASSWORD_FAULTS[fault]);
};
