import { setImmediate } from 'node:timers/promises';
import type { BrokerContext } from '../context.ts';
import { INSPECT_BOUNDS } from '../inspect/bounds.ts';
import { sourceOf } from '../inspect/scan.ts';
import { ReasonCode } from '../protocol/reason-codes.ts';
import type { CloseCause } from '../session/link.ts';
import type { Session } from '../session/session.ts';

/** As after any other loss, the will is published, if the rules of now allow it. */
const DENIED: CloseCause = { code: ReasonCode.notAuthorized, what: 'access-denied', publishWill: true };

/**
 * Holds every session against the global rules of now, a slice per turn of the event loop: subscriptions that are
 * forbidden end, and with `denyAction: disconnect` so does the connection.
 */
export function reviewAccess(context: BrokerContext): void {
  reviewAll(context).catch((err: unknown) => {
    context.log.error({ err }, 'open sessions could not be held against the access rules');
  });
}

async function reviewAll({ registry, router, access }: BrokerContext): Promise<void> {
  const source = sourceOf(registry[Symbol.iterator]());
  const visit = (session: Session): void => {
    session.askAccessAgain();
    const revoked = router.reauthorize(session);
    if (revoked > 0 && access.denyAction === 'disconnect') session.link?.close(DENIED);
  };
  while (source(INSPECT_BOUNDS.sliceItemsMax, visit)) await setImmediate();
}
