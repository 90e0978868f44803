import type { Attempt, ChainStage, Decision, MaybePromise, SafeDetail } from '@gatehouse/auth-core';
import type { DecidingChain } from '../config.ts';

/** Questions of one exchange; no method of ours needs more than two. */
const ROUNDS_MAX = 16;

type Question = Extract<ChainStage, { readonly outcome: 'continue' }>;

/** What comes of an exchange. */
export interface ExchangeEvents {
  ask(data: Buffer): void;
  decided(decision: Decision, data: Buffer | undefined): void;
  /** The chain failed, or asked too often. */
  failed(error: unknown): void;
}

/** One client's way through its chain where the chain asks questions (MQTT 5.0 §4.12). */
export class Exchange {
  readonly #events: ExchangeEvents;
  #question: Question | undefined;
  #rounds = 0;

  constructor(events: ExchangeEvents) {
    this.#events = events;
  }

  /** It is the client's turn. */
  get isAsking(): boolean {
    return this.#question !== undefined;
  }

  begin(chain: DecidingChain, attempt: Attempt, data: Buffer | undefined): void {
    this.#follow(() => chain.begin?.(attempt, data) ?? decideAtOnce(chain, attempt));
  }

  answer(data: Buffer | undefined): void {
    const question = this.#takeQuestion();
    if (question !== undefined) this.#follow(() => question.answer(data));
  }

  /** The client gives no answer any more: what the chain says to that; undefined when it is not the client's turn. */
  abandon(detail: SafeDetail): Decision | undefined {
    return this.#takeQuestion()?.abandon(detail);
  }

  #takeQuestion(): Question | undefined {
    const question = this.#question;
    this.#question = undefined;
    return question;
  }

  #follow(next: () => MaybePromise<ChainStage>): void {
    const failed = (error: unknown): void => {
      this.#events.failed(error);
    };
    try {
      const stage = next();
      if (stage instanceof Promise) {
        stage
          .then((settled) => {
            this.#take(settled);
          })
          .catch(failed);
      } else this.#take(stage);
    } catch (error) {
      failed(error);
    }
  }

  #take(stage: ChainStage): void {
    if (stage.outcome === 'decided') {
      this.#events.decided(stage.decision, stage.data && Buffer.from(stage.data));
      return;
    }
    this.#rounds += 1;
    if (this.#rounds > ROUNDS_MAX) throw new Error(`the chain has asked more than ${ROUNDS_MAX} times`);
    this.#question = stage;
    this.#events.ask(Buffer.from(stage.data));
  }
}

async function decideAtOnce(chain: DecidingChain, attempt: Attempt): Promise<ChainStage> {
  return { outcome: 'decided', decision: await chain.decide(attempt), data: undefined };
}
