import { type Attempt, type Decision, readMountpoint } from '@gatehouse/auth-core';
import { withoutToken } from '../recorder/text.ts';

/**
 * Mounts a client that was let in where its listener says, unless the answer about it said where (EMQX 4.3's
 * `zone.*.mountpoint`). Whose names do not fit is refused: its topics would reach beyond its own space.
 */
export function mountedByListener(
  template: string | undefined,
  attempt: Attempt,
  decision: Decision,
): Decision {
  if (template === undefined || template === '' || decision.outcome !== 'allow') return decision;
  const { grant, trace, by } = decision;
  if (grant.mountpoint !== undefined) return decision;
  const { username, clientId } = attempt;
  const read = readMountpoint(template, {
    // A token is a secret, and topics are none.
    username: username !== undefined && withoutToken(username) === username ? username : undefined,
    clientId,
    commonName: attempt.tls?.certificate?.commonName,
  });
  if ('mountpoint' in read) {
    const { mountpoint } = read;
    return mountpoint === undefined ? decision : { ...decision, grant: { ...grant, mountpoint } };
  }
  const problem = 'refused' in read ? read.refused : read.unusable;
  const detail = { what: 'not-mountable', problem, allowedBy: by };
  return { outcome: 'deny', reason: 'PROTOCOL_CLIENT_ID_REJECTED', by: 'policy', detail, trace };
}
