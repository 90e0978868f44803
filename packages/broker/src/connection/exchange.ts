import type { Attempt, Decision, MaybePromise } from '@gatehouse/auth-core';

/** Questions of one exchange; no method of ours needs more than two. */
const ROUNDS_MAX = 16;

/** What a method says next: a question to the client, or its decision with the last data for it. */
export type AuthStep =
  | {
      readonly outcome: 'continue';
      readonly data: Buffer | undefined;
      /** Takes the client's answer. */
      readonly answer: (data: Buffer | undefined) => MaybePromise<AuthStep>;
    }
  | { readonly outcome: 'decided'; readonly decision: Decision; readonly data: Buffer | undefined };

/** An authentication method of several steps (MQTT 5.0 §4.12); `BrokerOptions.methods` holds them by name. */
export interface AuthMethod {
  /** Begins with the data of CONNECT, or of the AUTH by which a connected client asks to be authenticated again. */
  begin(attempt: Attempt, data: Buffer | undefined): MaybePromise<AuthStep>;
}

/** What comes of an exchange. */
export interface ExchangeEvents {
  ask(data: Buffer | undefined): void;
  decided(decision: Decision, data: Buffer | undefined): void;
  /** The method failed, or asked too often. */
  failed(error: unknown): void;
}

/** One run of a method. */
export class Exchange {
  readonly #events: ExchangeEvents;
  #answer: ((data: Buffer | undefined) => MaybePromise<AuthStep>) | undefined;
  #rounds = 0;

  constructor(events: ExchangeEvents) {
    this.#events = events;
  }

  /** It is the client's turn. */
  get isAsking(): boolean {
    return this.#answer !== undefined;
  }

  begin(method: AuthMethod, attempt: Attempt, data: Buffer | undefined): void {
    this.#follow(() => method.begin(attempt, data));
  }

  answer(data: Buffer | undefined): void {
    const answer = this.#answer;
    this.#answer = undefined;
    if (answer !== undefined) this.#follow(() => answer(data));
  }

  #follow(next: () => MaybePromise<AuthStep>): void {
    const failed = (error: unknown): void => {
      this.#events.failed(error);
    };
    try {
      const step = next();
      if (step instanceof Promise) {
        step
          .then((settled) => {
            this.#take(settled);
          })
          .catch(failed);
      } else this.#take(step);
    } catch (error) {
      failed(error);
    }
  }

  #take(step: AuthStep): void {
    if (step.outcome === 'decided') {
      this.#events.decided(step.decision, step.data);
      return;
    }
    this.#rounds += 1;
    if (this.#rounds > ROUNDS_MAX) throw new Error(`the method has asked more than ${ROUNDS_MAX} times`);
    this.#answer = step.answer;
    this.#events.ask(step.data);
  }
}
