import { type Attempt, type Decision, Secret } from '@gatehouse/auth-core';
import type { TryAttempt } from '@gatehouse/ports';
import type { ListenerConfig } from '../config.ts';
import type { BrokerContext } from '../context.ts';
import { mountedByListener } from '../listeners/mounting.ts';
import { trialTls } from '../listeners/trial-tls.ts';
import type { TransportRefusal } from '../listeners/tls-failure.ts';
import { createReference } from './reference.ts';
import { refuseUnnamed } from './username-as-client-id.ts';

/** An attempt as `gatehouse try` and the tester describe it; an unknown listener means the default chain over TCP. */
export function toTrialAttempt(
  context: BrokerContext,
  request: TryAttempt,
  listener: ListenerConfig | undefined,
): Attempt {
  return trialOf(context, request, listener).attempt;
}

interface Trial {
  readonly attempt: Attempt;
  /** Why the listener itself refuses the client. */
  readonly refusal: TransportRefusal | undefined;
}

function trialOf({ clock }: BrokerContext, request: TryAttempt, listener: ListenerConfig | undefined): Trial {
  const id = createReference();
  const secured = listener?.tls && trialTls(listener.tls, request, clock.now());
  const { username = request.username, clientId: named = request.clientId } = secured?.identity ?? {};
  const clientId = listener?.usernameAsClientId === true ? (username ?? '') : named;
  const assigned = clientId === '';
  const attempt: Attempt = {
    id,
    at: clock.now(),
    listener: request.listener,
    chain: listener?.chain ?? 'default',
    transport: listener?.transport ?? 'tcp',
    ip: request.ip,
    port: 0,
    tls: secured?.tls ?? null,
    protocolVersion: request.protocolVersion,
    clientId: assigned ? `auto-${id}` : clientId,
    clientIdAssigned: assigned,
    username,
    password: request.password === undefined ? undefined : new Secret(Buffer.from(request.password)),
    cleanStart: true,
    keepAliveSeconds: 60,
    authMethod: request.protocolVersion === 5 ? request.authMethod : undefined,
    will: undefined,
  };
  return { attempt, refusal: secured?.refusal };
}

/** Decides such an attempt as a client's would be, without a trace of it: no guessing budget, no hits of blocks. */
export async function rehearse(
  context: BrokerContext,
  request: TryAttempt,
  listener: ListenerConfig | undefined,
): Promise<{ readonly attempt: Attempt; readonly decision: Decision }> {
  const { attempt, refusal } = trialOf(context, request, listener);
  if (refusal !== undefined) {
    return { attempt, decision: { ...refusal, outcome: 'deny', by: 'policy', trace: [] } };
  }
  const chain = context.chains(attempt.chain);
  const blocks = context.blocks?.rehearsal;
  const refused =
    refuseUnnamed(listener?.usernameAsClientId, attempt, context.limits) ?? blocks?.refuse(attempt);
  if (refused !== undefined) return { attempt, decision: refused };
  const decision = await (chain.dryRun?.(attempt) ?? chain.decide(attempt));
  const reviewed = blocks?.review(attempt, decision) ?? decision;
  return { attempt, decision: mountedByListener(listener?.mountpoint, attempt, reviewed) };
}
