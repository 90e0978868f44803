const KIND = /^[a-z-]+$/;

/** @throws RangeError for what is not a fixed word of ours. */
export function checkedKind(kind: string): string {
  if (!KIND.test(kind)) throw new RangeError('a kind is made of small letters and "-"');
  return kind;
}

/** A mistake in a listener is that of the process, as anywhere else: it does not end the connection, and is not hidden. */
const guarded = (call: () => void): void => {
  try {
    call();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
};

type OnMessage = (from: string, topic: string, payload: Uint8Array) => void;
type OnKind = (from: string, payload: Uint8Array) => void;
type Answer = (from: string, payload: Uint8Array) => Promise<Uint8Array>;

/** The half of a bus that is the same for every kind: who is told what. */
export class BusListeners {
  readonly #state: ((isUp: boolean) => void)[] = [];
  readonly #messages: OnMessage[] = [];
  readonly #kinds = new Map<string, OnKind>();
  readonly #answers = new Map<string, Answer>();

  onState(listener: (isUp: boolean) => void): void {
    this.#state.push(listener);
  }

  onMessage(listener: OnMessage): void {
    this.#messages.push(listener);
  }

  on(kind: string, listener: OnKind): void {
    this.#kinds.set(checkedKind(kind), listener);
  }

  answer(kind: string, listener: Answer): void {
    this.#answers.set(checkedKind(kind), listener);
  }

  tellState(isUp: boolean): void {
    for (const listener of this.#state) {
      guarded(() => {
        listener(isUp);
      });
    }
  }

  tellMessage(from: string, topic: string, payload: Uint8Array): void {
    for (const listener of this.#messages) {
      guarded(() => {
        listener(from, topic, payload);
      });
    }
  }

  tell(kind: string, from: string, payload: Uint8Array): void {
    guarded(() => this.#kinds.get(kind)?.(from, payload));
  }

  /** Undefined when nobody answers questions of this kind, or the answer failed. */
  async answerTo(kind: string, from: string, payload: Uint8Array): Promise<Uint8Array | undefined> {
    try {
      return await this.#answers.get(kind)?.(from, payload);
    } catch {
      // Whoever asked has to go on without it in any case.
      return undefined;
    }
  }
}
