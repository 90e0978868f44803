import { type Attempt, type Decision, Secret } from '@gatehouse/auth-core';
import type { TryAttempt } from '@gatehouse/ports';
import type { ListenerConfig } from '../config.ts';
import type { BrokerContext } from '../context.ts';
import { mountedByListener } from '../listeners/mounting.ts';
import { createReference } from './reference.ts';
import { refuseUnnamed } from './username-as-client-id.ts';

/** An attempt as `gatehouse try` and the tester describe it; an unknown listener means the default chain over TCP. */
export function toTrialAttempt(
  { clock }: BrokerContext,
  request: TryAttempt,
  listener: ListenerConfig | undefined,
): Attempt {
  const id = createReference();
  const clientId = listener?.usernameAsClientId === true ? (request.username ?? '') : request.clientId;
  const assigned = clientId === '';
  return {
    id,
    at: clock.now(),
    listener: request.listener,
    chain: listener?.chain ?? 'default',
    transport: listener?.transport ?? 'tcp',
    ip: request.ip,
    port: 0,
    tls: null,
    protocolVersion: request.protocolVersion,
    clientId: assigned ? `auto-${id}` : clientId,
    clientIdAssigned: assigned,
    username: request.username,
    password: request.password === undefined ? undefined : new Secret(Buffer.from(request.password)),
    cleanStart: true,
    keepAliveSeconds: 60,
    authMethod: request.protocolVersion === 5 ? request.authMethod : undefined,
    will: undefined,
  };
}

/** Decides such an attempt as a client's would be, without a trace of it: no guessing budget, no hits of blocks. */
export async function rehearse(
  context: BrokerContext,
  request: TryAttempt,
  listener: ListenerConfig | undefined,
): Promise<{ readonly attempt: Attempt; readonly decision: Decision }> {
  const attempt = toTrialAttempt(context, request, listener);
  const chain = context.chains(attempt.chain);
  const blocks = context.blocks?.rehearsal;
  const refused =
    refuseUnnamed(listener?.usernameAsClientId, attempt, context.limits) ?? blocks?.refuse(attempt);
  if (refused !== undefined) return { attempt, decision: refused };
  const decision = await (chain.dryRun?.(attempt) ?? chain.decide(attempt));
  const reviewed = blocks?.review(attempt, decision) ?? decision;
  return { attempt, decision: mountedByListener(listener?.mountpoint, attempt, reviewed) };
}
