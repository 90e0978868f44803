import type { DataPlane, HeldJournal } from '@gatehouse/ports';
import type { Rpc } from '../rpc/channel.ts';
import type { DataMethods } from './messages.ts';

/** The data plane as the control-plane thread sees it: every question goes to the other thread. */
export function remoteDataPlane(rpc: Rpc<DataMethods>): DataPlane {
  return {
    stats: () => rpc.call('stats'),
    listNodes: () => rpc.call('listNodes'),
    listeners: () => rpc.call('listeners'),
    tryAttempt: (attempt) => rpc.call('tryAttempt', attempt),
    dryRunChain: (request) => rpc.call('dryRunChain', request),
    flushRecorder: () => rpc.call('flushRecorder'),
    flushDenials: () => rpc.call('flushDenials'),
    discardDenials: () => rpc.call('discardDenials'),
    authState: () => rpc.call('authState'),
    authenticatorStatus: (name) => rpc.call('authenticatorStatus', name),
    testAuthenticator: (name, raw, attempt) => rpc.call('testAuthenticator', name, raw, attempt),
    sessionsOf: (credentialIds) => rpc.call('sessionsOf', credentialIds),
    listSlowed: () => rpc.call('listSlowed'),
    drain: (isDraining) => rpc.call('drain', isDraining),
    releaseSession: (clientId) => rpc.call('releaseSession', clientId),
    listClients: (filter, request) => rpc.call('listClients', filter, request),
    getClient: (clientId) => rpc.call('getClient', clientId),
    disconnectClients: (clientIds, end) => rpc.call('disconnectClients', clientIds, end),
    previewBlock: (target) => rpc.call('previewBlock', target),
    listSubscriptions: (filter, request) => rpc.call('listSubscriptions', filter, request),
    removeSubscription: (clientId, filter) => rpc.call('removeSubscription', clientId, filter),
    listRetained: (filter, request) => rpc.call('listRetained', filter, request),
    getRetained: (topic) => rpc.call('getRetained', topic),
    deleteRetained: (target) => rpc.call('deleteRetained', target),
    countAnswers: () => rpc.call('countAnswers'),
    askAccess: (question) => rpc.call('askAccess', question),
    publishMessage: (message) => rpc.call('publishMessage', message),
    publishAlert: (message) => rpc.call('publishAlert', message),
    listTroubled: () => rpc.call('listTroubled'),
    startWatch: (target) => rpc.call('startWatch', target),
    listWatches: () => rpc.call('listWatches'),
    readWatch: (id, after) => rpc.call('readWatch', id, after),
    stopWatch: (id) => rpc.call('stopWatch', id),
    publish: (event) => rpc.notify('publish', event),
    // Messages keep their order: what answers this has taken everything before it.
    inForce: () => rpc.call('inForce'),
  };
}

/** The data plane's journal, held for a backup. */
export async function holdRemoteJournal(rpc: Rpc<DataMethods>): Promise<HeldJournal | undefined> {
  const held = await rpc.call('holdJournal');
  return (
    held && {
      ...held,
      read: (after) => rpc.call('readJournal', after),
      release: () => rpc.call('releaseJournal'),
    }
  );
}
