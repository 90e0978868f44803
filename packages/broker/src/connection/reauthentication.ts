import type { Attempt, Decision } from '@gatehouse/auth-core';
import { applyGrant } from '../control.ts';
import type { BrokerContext, Peer } from '../context.ts';
import { encodeAuth } from '../protocol/encode-auth.ts';
import type { AuthPacket } from '../protocol/packets.ts';
import { ReasonCode } from '../protocol/reason-codes.ts';
import type { Admitted } from './admission.ts';
import type { OnlineClient } from './client.ts';
import { type AuthMethod, Exchange } from './exchange.ts';
import { createReference } from './reference.ts';
import { recordAttempt } from './refusal.ts';

/** Whom to authenticate again, and how it was done the first time. */
export interface Authenticated {
  readonly attempt: Attempt;
  readonly name: string;
  readonly method: AuthMethod;
}

/** Undefined when CONNECT named no method, or none that is known. */
export function reauthenticationOf(
  context: BrokerContext,
  peer: Peer,
  client: OnlineClient,
  { attempt, packet: { authMethod: name } }: Admitted,
): Reauthentication | undefined {
  const method = name === undefined ? undefined : context.methods.get(name);
  if (name === undefined || method === undefined) return undefined;
  return new Reauthentication(context, peer, client, { attempt, name, method });
}

/** Re-authentication on an open connection (MQTT 5.0 §4.12.1): the session goes on meanwhile, with its old grant. */
export class Reauthentication {
  readonly #context: BrokerContext;
  readonly #peer: Peer;
  readonly #client: OnlineClient;
  readonly #first: Authenticated;
  #exchange: Exchange | undefined;

  constructor(context: BrokerContext, peer: Peer, client: OnlineClient, first: Authenticated) {
    this.#context = context;
    this.#peer = peer;
    this.#client = client;
    // The password, if one came too, was for the first time only.
    this.#first = { ...first, attempt: { ...first.attempt, password: undefined } };
  }

  /** [MQTT-4.12.1-1] the method stays the one of CONNECT. */
  take({ reasonCode, method, data }: AuthPacket): void {
    const begins = reasonCode === ReasonCode.reAuthenticate;
    if (method !== this.#first.name) this.#client.disconnect(ReasonCode.protocolError, 'auth-method-changed');
    else if (begins && this.#exchange === undefined) this.#begin(data);
    else if (!begins && this.#exchange?.isAsking === true) this.#exchange.answer(data);
    else this.#client.disconnect(ReasonCode.protocolError, 'auth-out-of-turn');
  }

  #begin(data: Buffer | undefined): void {
    const { clock, log } = this.#context;
    const attempt = { ...this.#first.attempt, id: createReference(), at: clock.now() };
    const exchange = new Exchange({
      ask: (question) => {
        this.#client.send(encodeAuth(ReasonCode.continueAuthentication, this.#first.name, question));
      },
      decided: (decision, last) => {
        this.#exchange = undefined;
        this.#decided(attempt, decision, last);
      },
      failed: (err) => {
        log.error({ err, listener: this.#peer.listener }, 'a client could not be authenticated again');
        this.#client.disconnect(ReasonCode.serverUnavailable, 'reauthentication-failed');
      },
    });
    this.#exchange = exchange;
    exchange.begin(this.#first.method, attempt, data);
  }

  /** [MQTT-4.12.1-2] who fails is disconnected; so is who turns out to be somebody else. */
  #decided(attempt: Attempt, given: Decision, data: Buffer | undefined): void {
    const { session } = this.#client;
    if (session.link !== this.#client) return;
    const decision = this.#context.blocks?.review(attempt, given) ?? given;
    if (decision.outcome === 'busy') {
      this.#client.disconnect(ReasonCode.serverBusy, 'busy');
      return;
    }
    const { principal } = session;
    const isSame =
      decision.outcome === 'allow' &&
      decision.grant.principal.namespace === principal.namespace &&
      decision.grant.principal.subject === principal.subject;
    if (isSame) {
      applyGrant(this.#context, session, decision.grant);
      this.#client.send(encodeAuth(ReasonCode.success, this.#first.name, data));
      return;
    }
    const { by, trace } = decision;
    const why = decision.outcome === 'deny' ? decision : { reason: 'SCRAM_REAUTH_FAILED' as const };
    recordAttempt(this.#context, this.#peer, attempt, { ...why, by, trace });
    this.#client.disconnect(ReasonCode.notAuthorized, 'reauthentication-failed');
  }
}
