import type { BrokerContext } from '../context.ts';
import { isExpired } from '../router/message.ts';
import type { Session } from '../session/session.ts';
import type { Recovered, RecoveredSession } from './recovery.ts';

type RestoreContext = Pick<
  BrokerContext,
  'registry' | 'router' | 'retained' | 'journal' | 'limits' | 'log' | 'clock'
>;

/** What came back with a restart. */
export interface Restored {
  readonly sessions: number;
  readonly messages: number;
  readonly retained: number;
}

/**
 * Puts back what the journal tells, before any listener is open. Sessions come back with the grant they had; each is
 * held against the rules of now when its client comes back, and before its will is published (`reviewWill`).
 */
export async function restore(
  context: RestoreContext,
  recovered: Recovered,
  reviewWill: (session: Session) => void,
  beforeWills: () => Promise<void>,
): Promise<Restored> {
  const { journal, registry, retained, log } = context;
  let kept = 0;
  for (const message of recovered.retained) {
    if (retained.restore(message)) kept += 1;
    else
      log.warn({ topic: message.topic }, 'a retained message did not find its place again: a limit is lower');
  }
  let messages = 0;
  const sessions = [...recovered.sessions.values()].flatMap((found) => {
    try {
      const session = registry.restore(found.id, found.head, (restored) => {
        messages += fill(context, found, restored);
      });
      return [{ session, head: found.head }];
    } catch (err) {
      log.error({ err, clientId: found.head.clientId }, 'a session could not be restored: it has ended');
      journal.sessionEnded(found.id);
      return [];
    }
  });
  await beforeWills();
  // Wills only now: they go to sessions that come later in the list, too.
  for (const { session, head } of sessions) {
    if (head.pendingWill !== undefined) reviewWill(session);
    registry.settle(session, head);
  }
  await journal.settled();
  return { sessions: sessions.length, messages, retained: kept };
}

/** Gives a session what it held; returns how many messages that were. */
export function fill(
  { router, limits, clock }: Pick<RestoreContext, 'router' | 'limits' | 'clock'>,
  { subscriptions, deliveries, released, unreleased, lastSequence }: RecoveredSession,
  session: Session,
): number {
  for (const subscription of subscriptions.values()) router.subscribe(session, subscription);
  for (const packetId of unreleased ?? []) session.receive(packetId);
  let restored = 0;
  for (const delivery of deliveries.values()) {
    const isReleased = released?.has(delivery.sequence) ?? false;
    if (!isReleased && isExpired(delivery.message, clock)) continue;
    // No more than the window were sent and not acknowledged.
    delivery.perhapsSent = restored < limits.inflightMax;
    session.outgoing.restore(delivery, isReleased);
    restored += 1;
  }
  session.outgoing.restoreSequence(lastSequence);
  return restored;
}
