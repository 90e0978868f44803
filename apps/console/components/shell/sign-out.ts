import { api } from '@/lib/api';

/** Ends the session on the server, then leaves; leaves too when it had ended already. */
export async function signOut(): Promise<void> {
  await api.delete('/session').catch(() => undefined);
  window.location.assign('/login');
}
