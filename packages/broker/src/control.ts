import type { Grant } from '@gatehouse/auth-core';
import type { ControlEvent } from '@gatehouse/ports';
import type { BrokerOptions } from './config.ts';
import type { BrokerContext } from './context.ts';
import { ReasonCode } from './protocol/reason-codes.ts';
import type { CloseCause } from './session/link.ts';
import type { Session } from './session/session.ts';

type CredentialChanges = Extract<ControlEvent, { kind: 'credentials-changed' }>['changes'];

const REVOKED: CloseCause = {
  code: ReasonCode.notAuthorized,
  what: 'credential-revoked',
  publishWill: true,
};
const CHANGED: CloseCause = {
  code: ReasonCode.administrativeAction,
  what: 'credential-changed',
  publishWill: true,
};

/** Closes the open sessions of revoked credentials and re-evaluates those whose rules changed (auth.md §7). */
export function applyCredentialChanges(
  context: BrokerContext,
  changes: CredentialChanges,
  regrant: BrokerOptions['regrant'],
): void {
  const byId = new Map(changes.map((change) => [change.id, change]));
  for (const session of [...context.registry]) {
    const { credentialId } = session.grant;
    const change = credentialId === undefined ? undefined : byId.get(credentialId);
    if (change === undefined || credentialId === undefined) continue;
    if (change.disconnect) session.link?.close(REVOKED);
    else if (regrant === undefined) session.link?.close(CHANGED);
    else
      reevaluate(
        context,
        session,
        regrant({ credentialId, username: session.username, clientId: session.clientId }),
      );
  }
}

function reevaluate(
  context: BrokerContext,
  session: Session,
  answer: Grant | undefined | Promise<Grant | undefined>,
): void {
  const asked = session.grant;
  if (!(answer instanceof Promise)) {
    applyGrant(context, session, answer);
    return;
  }
  answer.then(
    (grant) => {
      // A client that came back meanwhile has a newer grant already.
      if (session.grant === asked) applyGrant(context, session, grant);
    },
    (error: unknown) => {
      context.log.warn({ error }, 'the rules of an open session could not be read again: it is closed');
      session.link?.close(CHANGED);
    },
  );
}

function applyGrant({ router }: BrokerContext, session: Session, grant: Grant | undefined): void {
  if (grant === undefined) {
    session.link?.close(REVOKED);
    return;
  }
  session.regrant(grant, session.username);
  router.reauthorize(session);
}
