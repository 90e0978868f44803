import { andThen, type Grant, type MaybePromise, narrowGroupGrant } from '@gatehouse/auth-core';
import type { ControlEvent } from '@gatehouse/ports';
import type { BrokerOptions } from './config.ts';
import type { BrokerContext } from './context.ts';
import { ReasonCode } from './protocol/reason-codes.ts';
import type { CloseCause } from './session/link.ts';
import type { Session } from './session/session.ts';

type CredentialChanges = Extract<ControlEvent, { kind: 'credentials-changed' }>['changes'];

/** Both leave the will to the rules of now: `publishWill` of `session/will.ts` holds it against them. */
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

/**
 * Closes the open sessions of revoked credentials and re-evaluates those whose rules changed (auth.md §7). Sessions
 * that are offline are asked about too: their will may still be waiting.
 */
export function applyCredentialChanges(
  context: BrokerContext,
  changes: CredentialChanges,
  regrant: BrokerOptions['regrant'],
): void {
  const byId = new Map(changes.map((change) => [change.id, change]));
  for (const session of [...context.registry]) {
    const { credentialId, required } = session.grant;
    const changed = [...(required ?? []), credentialId].flatMap((id) => byId.get(id ?? '') ?? []);
    if (changed.length === 0) continue;
    // What a `require` group grants only the whole group can say: the client comes back and is asked for all of it.
    const asks = required === undefined ? regrant : undefined;
    if (asks === undefined) session.revoke();
    else review(context, session, asks);
    if (changed.some(({ disconnect }) => disconnect)) session.link?.close(REVOKED);
    else if (asks === undefined) session.link?.close(CHANGED);
  }
}

/** Has everybody who was let in by a credential come back and be asked for it. */
export function closeCredentialed({ registry }: BrokerContext): void {
  for (const session of [...registry]) {
    const { credentialId, required } = session.grant;
    if (credentialId === undefined && required === undefined) continue;
    session.revoke();
    session.link?.close(CHANGED);
  }
}

/** Asks what the credential of a session gives now; without a credential it keeps what it has. */
export function review(
  context: BrokerContext,
  session: Session,
  regrant: NonNullable<BrokerOptions['regrant']>,
): void {
  const { username, clientId, grant } = session;
  const credentialId = grant.credentialId ?? grant.required?.[0];
  if (credentialId === undefined) return;
  reevaluate(context, session, () =>
    andThen(regrant({ credentialId, username, clientId, grant }), (now) =>
      now === undefined || grant.required === undefined ? now : narrowGroupGrant(grant, now),
    ),
  );
}

/** Puts in force what the credential gives now; what has to wait for the answer waits for `session.review`. */
function reevaluate(
  context: BrokerContext,
  session: Session,
  ask: () => MaybePromise<Grant | undefined>,
): void {
  const failed = (err: unknown): void => {
    context.log.warn({ err }, 'the rules of an open session could not be read again: it is closed');
    session.revoke();
    session.link?.close(CHANGED);
  };
  try {
    const answer = ask();
    if (!(answer instanceof Promise)) {
      applyGrant(context, session, answer);
      return;
    }
    // A client that came back meanwhile has a newer grant, and a later change a newer review.
    const isCurrent = (): boolean => session.review === underWay;
    const underWay: Promise<void> = answer
      .then((grant) => {
        if (isCurrent()) applyGrant(context, session, grant);
      })
      .catch((error: unknown) => {
        if (isCurrent()) failed(error);
      });
    session.review = underWay;
  } catch (error) {
    failed(error);
  }
}

/** Puts a grant in force on an open session; undefined ends it. */
export function applyGrant({ router }: BrokerContext, session: Session, grant: Grant | undefined): void {
  if (grant === undefined) {
    session.revoke();
    session.link?.close(REVOKED);
    return;
  }
  session.regrant(grant, session.username);
  session.link?.regranted(grant.expiresAt);
  router.reauthorize(session);
}
