import type { SignInOptionsDto } from '@gatehouse/contract';
import { signInResource } from './endpoints';
import { readOnServer } from './server-api';

/** The ways to sign in. A server that does not answer is said by the form, once somebody tries. */
export const readSignIn = (): Promise<SignInOptionsDto> =>
  readOnServer(signInResource).catch(() => ({ sso: null, passwordFor: 'everyone' }));
