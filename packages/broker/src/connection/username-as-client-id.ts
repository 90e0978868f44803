import type { Attempt, Decision } from '@gatehouse/auth-core';
import type { Limits } from '../config.ts';

/** Refuses a client whose listener takes the username as client ID, and that has none to take (auth.md §1.4). */
export function refuseUnnamed(
  isTaken: boolean | undefined,
  { username = '' }: Attempt,
  { clientIdBytesMax }: Pick<Limits, 'clientIdBytesMax'>,
): Extract<Decision, { outcome: 'deny' }> | undefined {
  if (isTaken !== true) return undefined;
  const isTooLong = Buffer.byteLength(username) > clientIdBytesMax;
  if (username !== '' && !isTooLong) return undefined;
  const detail = { what: isTooLong ? 'client-id-too-long' : 'username-empty' };
  return { outcome: 'deny', reason: 'PROTOCOL_CLIENT_ID_REJECTED', by: 'policy', detail, trace: [] };
}
