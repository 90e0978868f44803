import { type Attempt, Secret } from '@gatehouse/auth-core';
import type { TryAttempt } from '@gatehouse/ports';
import type { ListenerConfig } from '../config.ts';
import type { BrokerContext } from '../context.ts';
import { createReference } from './reference.ts';

/** An attempt as `gatehouse try` and the tester describe it; an unknown listener means the default chain over TCP. */
export function toTrialAttempt(
  { clock }: BrokerContext,
  request: TryAttempt,
  listener: ListenerConfig | undefined,
): Attempt {
  const id = createReference();
  const assigned = request.clientId === '';
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
    clientId: assigned ? `auto-${id}` : request.clientId,
    clientIdAssigned: assigned,
    username: request.username,
    password: request.password === undefined ? undefined : new Secret(Buffer.from(request.password)),
    cleanStart: true,
    keepAliveSeconds: 60,
    authMethod: request.protocolVersion === 5 ? request.authMethod : undefined,
    will: undefined,
  };
}
