import {
  asReauthentication,
  type Attempt,
  type Decision,
  type Grant,
  type ReasonCode as ReasonName,
} from '@gatehouse/auth-core';
import { applyGrant } from '../control.ts';
import { mountedByListener } from '../listeners/mounting.ts';
import type { BrokerContext, Peer } from '../context.ts';
import { encodeAuth } from '../protocol/encode-auth.ts';
import type { AuthPacket } from '../protocol/packets.ts';
import { ReasonCode } from '../protocol/reason-codes.ts';
import type { Session } from '../session/session.ts';
import type { Admitted } from './admission.ts';
import type { OnlineClient } from './client.ts';
import { Exchange } from './exchange.ts';
import { createReference } from './reference.ts';
import { recordAttempt, type Refusal } from './refusal.ts';

/** Whom to authenticate again, and how it was done the first time. */
export interface Authenticated {
  readonly attempt: Attempt;
  readonly name: string;
}

/** Undefined when CONNECT named no method. */
export function reauthenticationOf(
  context: BrokerContext,
  peer: Peer,
  client: OnlineClient,
  { attempt, packet: { authMethod: name } }: Admitted,
): Reauthentication | undefined {
  return name === undefined ? undefined : new Reauthentication(context, peer, client, { attempt, name });
}

/** Re-authentication on an open connection (MQTT 5.0 §4.12.1): the session goes on meanwhile, with its old grant. */
export class Reauthentication {
  readonly #context: BrokerContext;
  readonly #peer: Peer;
  readonly #client: OnlineClient;
  readonly #first: Authenticated;
  #exchange: Exchange | undefined;
  #cancelTimer: () => void = () => undefined;

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
    if (method !== this.#first.name) this.#breakOff('SCRAM_METHOD_CHANGED', 'auth-method-changed');
    else if (begins && this.#exchange === undefined) this.#begin(data);
    else if (!begins && this.#exchange?.isAsking === true) this.#exchange.answer(data);
    else this.#breakOff('SCRAM_UNEXPECTED_STATE', 'auth-out-of-turn');
  }

  /** The connection is over, whoever the client is. */
  stop(): void {
    this.#cancelTimer();
  }

  #breakOff(reason: ReasonName, what: string): void {
    this.#record(this.#attemptOfNow(), { reason, detail: { what }, by: null });
    this.#client.disconnect(ReasonCode.protocolError, what);
  }

  #attemptOfNow(): Attempt {
    return { ...this.#first.attempt, id: createReference(), at: this.#context.clock.now() };
  }

  /** What the client is told is the code of DISCONNECT. */
  #record(attempt: Attempt, refusal: Refusal): void {
    const connackCode = refusal.by === null ? ReasonCode.protocolError : ReasonCode.notAuthorized;
    recordAttempt(this.#context, this.#peer, attempt, { ...refusal, connackCode });
  }

  #begin(data: Buffer | undefined): void {
    const { clock, limits, log } = this.#context;
    const attempt = this.#attemptOfNow();
    const chain = this.#context.chains(attempt.chain);
    const exchange = new Exchange({
      ask: (question) => {
        this.#client.send(encodeAuth(ReasonCode.continueAuthentication, this.#first.name, question));
      },
      decided: (decision, last) => {
        this.#over();
        this.#decided(attempt, decision, last);
      },
      failed: (err) => {
        log.error({ err, listener: this.#peer.listener }, 'a client could not be authenticated again');
        this.#client.disconnect(ReasonCode.serverUnavailable, 'reauthentication-failed');
      },
    });
    this.#exchange = exchange;
    this.#cancelTimer = clock.after(limits.authenticateTimeoutMs, () => {
      this.#context.counters.bounds.met('authenticateTimeoutMs');
      const { authenticateTimeoutMs: limitMs } = limits;
      const decision = exchange.abandon({ problem: 'no answer in time', limitMs });
      this.#over();
      if (decision === undefined) this.#client.disconnect(ReasonCode.serverBusy, 'busy');
      else this.#decided(attempt, decision, undefined);
    });
    exchange.begin(chain, attempt, data);
  }

  #over(): void {
    this.#cancelTimer();
    this.#exchange = undefined;
  }

  /** [MQTT-4.12.1-2] who fails is disconnected; so is who turns out to be somebody else. */
  #decided(attempt: Attempt, given: Decision, data: Buffer | undefined): void {
    const { session } = this.#client;
    if (session.link !== this.#client) return;
    this.#context.counters.decided(given);
    const reviewed = this.#context.blocks?.review(attempt, given) ?? given;
    const decision = mountedByListener(this.#peer.mountpoint, attempt, asReauthentication(reviewed));
    if (decision.outcome === 'busy') {
      this.#client.disconnect(ReasonCode.serverBusy, 'busy');
      return;
    }
    const other = decision.outcome === 'allow' ? otherThan(session, decision.grant) : undefined;
    if (decision.outcome === 'allow' && other === undefined) {
      applyGrant(this.#context, session, decision.grant);
      this.#client.send(encodeAuth(ReasonCode.success, this.#first.name, data));
      return;
    }
    const { by, trace } = decision;
    const why =
      decision.outcome === 'deny'
        ? { reason: decision.reason, detail: decision.detail }
        : { reason: 'SCRAM_REAUTH_FAILED' as const, detail: { problem: other ?? '' } };
    this.#record(attempt, { ...why, by, trace });
    this.#client.disconnect(ReasonCode.notAuthorized, 'reauthentication-failed');
  }
}

/** What keeps a session from going on with a grant; undefined when nothing does. */
function otherThan({ principal, mountpoint }: Session, grant: Grant): string | undefined {
  const { namespace, subject } = grant.principal;
  if (namespace !== principal.namespace || subject !== principal.subject)
    return 'the proof is another client’s';
  return grant.mountpoint === mountpoint ? undefined : 'the mountpoint is another than at CONNECT';
}
