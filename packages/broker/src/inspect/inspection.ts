import type { Inspection } from '@gatehouse/ports';
import type { BrokerContext } from '../context.ts';
import { ReasonCode } from '../protocol/reason-codes.ts';
import type { CloseCause } from '../session/link.ts';
import { blockedSessions } from '../blocked.ts';
import { countAnswers } from './answers.ts';
import { clientQuery, clientSource, presentSession } from './clients.ts';
import { publishAsServer } from './publish.ts';
import { AlertTopics } from './publish-alert.ts';
import { clearRetained, findRetained, retainedQuery, retainedSource } from './retained.ts';
import { scan } from './scan.ts';
import { subscriptionQuery, subscriptionSource } from './subscriptions.ts';
import { Turns } from './turns.ts';

/** An operator closed the connection; as after any other loss, the will is published. */
const DISCONNECTED: CloseCause = {
  code: ReasonCode.administrativeAction,
  what: 'disconnected-by-operator',
  publishWill: true,
};

/** What operators ask of and do to the sessions, subscriptions and retained messages of a broker. */
export function createInspection(context: BrokerContext, node: string): Inspection {
  const { registry, router, retained, clock, journal } = context;
  const turns = new Turns();
  const alerts = new AlertTopics(context);
  /** As a client's PUBACK: what an operator did is told done once it is on the disk. */
  const settled = async <T>(result: T): Promise<T> => {
    await journal.settled();
    return result;
  };
  const disconnect = (clientId: string, end: boolean): boolean => {
    const session = registry.get(clientId);
    if (session === undefined) return false;
    session.link?.close(DISCONNECTED);
    if (end) registry.end(session);
    return true;
  };
  return {
    listClients: (filter, request) =>
      turns.take(() =>
        scan(clientSource(registry, filter), clientQuery(filter, node, request.order), request, node),
      ),
    getClient: (clientId) => {
      const session = registry.get(clientId);
      return Promise.resolve(session === undefined ? null : presentSession(session, node));
    },
    disconnectClients: (clientIds, end) =>
      settled(clientIds.filter((clientId) => disconnect(clientId, end)).length),
    previewBlock: (target) => turns.take(() => blockedSessions(context, target)),
    listSubscriptions: (filter, request) =>
      turns.take(() =>
        scan(
          subscriptionSource(registry, filter),
          subscriptionQuery(filter, node, request.order),
          request,
          node,
        ),
      ),
    removeSubscription: (clientId, filter) => {
      const session = registry.get(clientId);
      return settled(session !== undefined && router.unsubscribe(session, filter));
    },
    listRetained: (filter, request) =>
      turns.take(() =>
        scan(retainedSource(retained, filter), retainedQuery(clock, request.order), request, node),
      ),
    getRetained: (topic) => findRetained(retained, topic, clock),
    deleteRetained: (target) => turns.take(async () => settled(await clearRetained(retained, target, clock))),
    countAnswers: () => turns.take(() => countAnswers(registry)),
    askAccess: ({ clientId, action, topic, qos, retain }) => {
      const session = registry.get(clientId);
      if (session === undefined) return Promise.resolve(null);
      return Promise.resolve(
        action === 'publish'
          ? session.publishAnswer(topic, qos, retain)
          : session.access.subscribe(topic, qos),
      );
    },
    publishMessage: (message) => settled(publishAsServer(context, message)),
    publishAlert: (message) => settled(alerts.publish(message)),
  };
}
