import type { Problem } from '@gatehouse/contract';
import { confirmSelf } from './confirm-self';

export { problemInPageLanguage } from './server-text';

/** Where the sign-in leads back to: the page that was left. */
const signInPath = (): string =>
  `/login?next=${encodeURIComponent(window.location.pathname + window.location.search)}`;

/**
 * Whether a refused call may be sent again: it may where the person was to prove who they are, and did. Where the session
 * has ended, the page is left for the sign-in, which leads back to it.
 */
export async function mayGoOn({ code }: Problem): Promise<boolean> {
  if (code === 'unauthenticated') window.location.assign(signInPath());
  return code === 'confirmation-needed' && (await confirmSelf());
}
