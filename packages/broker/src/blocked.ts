import { setImmediate } from 'node:timers/promises';
import type { Block, BlockFacts, BlockTarget } from '@gatehouse/auth-core';
import type { BlockedSessions } from '@gatehouse/ports';
import type { BrokerContext } from './context.ts';
import { INSPECT_BOUNDS } from './inspect/bounds.ts';
import { sourceOf, visitAll } from './inspect/scan.ts';
import { ReasonCode } from './protocol/reason-codes.ts';
import type { CloseCause } from './session/link.ts';
import type { Session } from './session/session.ts';

/** Client IDs that a preview names. */
const EXAMPLES_MAX = 5;

/** [MQTT-3.14.2-1] "banned" (0x8A) is for CONNACK alone. As after any other loss, the will is published. */
const BLOCKED: CloseCause = { code: ReasonCode.administrativeAction, what: 'blocked', publishWill: true };

/** What is known of an open session; undefined: it is not connected. */
function factsOf({ clientId, username, grant, principal, link }: Session): BlockFacts | undefined {
  if (link === undefined) return undefined;
  const proved = grant.anonymous ? undefined : principal.subject;
  const names = [username, proved].flatMap((name) => (name === undefined || name === '' ? [] : [name]));
  return { clientId, names, ...link.origin };
}

/**
 * Closes the open sessions that these blocks meet, a slice per turn of the event loop: logins go on meanwhile, and are
 * held against the blocks themselves.
 */
export function closeBlocked(context: BrokerContext, put: readonly Block[]): void {
  const { blocks, log } = context;
  if (blocks === undefined || put.length === 0) return;
  const meets = blocks.only(put);
  closeAll(context, meets).catch((err: unknown) => {
    log.error({ err }, 'the open sessions of a blocked client could not be closed');
  });
}

async function closeAll({ registry }: BrokerContext, meets: (facts: BlockFacts) => boolean): Promise<void> {
  const source = sourceOf(registry[Symbol.iterator]());
  const visit = (session: Session): void => {
    const facts = factsOf(session);
    if (facts !== undefined && meets(facts)) session.link?.close(BLOCKED);
  };
  while (source(INSPECT_BOUNDS.sliceItemsMax, visit)) await setImmediate();
}

/** Counts the open sessions that such a block would close. */
export async function blockedSessions(
  { blocks, registry }: BrokerContext,
  target: BlockTarget,
): Promise<BlockedSessions> {
  const meets = blocks?.only([{ ...target, id: '', expiresAt: null }]) ?? (() => false);
  const examples: string[] = [];
  let sessions = 0;
  const complete = await visitAll(sourceOf(registry[Symbol.iterator]()), (session) => {
    const facts = factsOf(session);
    if (facts === undefined || !meets(facts)) return;
    sessions += 1;
    if (examples.length < EXAMPLES_MAX) examples.push(session.clientId);
  });
  return { sessions, examples, complete };
}
