/** What was promised and what happened, and whether the two agree. */
export class History {
  readonly #acknowledged = new Set<string>();
  /** By payload: the DUP flag of each time it was received. */
  readonly #received = new Map<string, boolean[]>();
  readonly #publishedAgain = new Set<string>();
  readonly #withoutSession = new Set<string>();
  readonly #subscribing = new Map<string, () => void>();
  #goal: { readonly count: number; readonly resolve: () => void } | undefined;
  #waiting: { readonly payload: string; readonly resolve: () => void } | undefined;

  acknowledged(payload: string): void {
    this.#acknowledged.add(payload);
    if (this.#goal !== undefined && this.#acknowledged.size >= this.#goal.count) this.#goal.resolve();
  }

  /** Resolves when so many messages were acknowledged. */
  async acknowledgedAtLeast(count: number): Promise<void> {
    if (this.#acknowledged.size >= count) return;
    await new Promise<void>((resolve) => {
      this.#goal = { count, resolve };
    });
  }

  received(payload: string, dup: boolean): void {
    this.#received.set(payload, [...(this.#received.get(payload) ?? []), dup]);
    if (this.#waiting?.payload === payload) this.#waiting.resolve();
  }

  has(payload: string): boolean {
    return this.#received.has(payload);
  }

  /** Resolves when this payload was received. */
  async until(payload: string): Promise<void> {
    if (this.#received.has(payload)) return;
    await new Promise<void>((resolve) => {
      this.#waiting = { payload, resolve };
    });
  }

  subscribed(clientId: string): Promise<void> {
    return new Promise((resolve) => {
      this.#subscribing.set(clientId, resolve);
    });
  }

  subscriptionDone(clientId: string): void {
    this.#subscribing.get(clientId)?.();
  }

  /** A client came back, and its session was not there. */
  sessionLost(clientId: string): void {
    this.#withoutSession.add(clientId);
  }

  /** Who came back to no session. */
  get sessionsLost(): readonly string[] {
    return [...this.#withoutSession];
  }

  get acknowledgedCount(): number {
    return this.#acknowledged.size;
  }

  /** Acknowledged and never received. */
  lost(): readonly string[] {
    return [...this.#acknowledged].filter((payload) => !this.#received.has(payload));
  }

  /** Received more than once. */
  repeated(): readonly string[] {
    return [...this.#received].filter(([, times]) => times.length > 1).map(([payload]) => payload);
  }

  /** The publisher sent it once more: to the broker that is another message, and DUP is not passed on ([MQTT-3.3.1-3]). */
  publishedAgain(payload: string): void {
    this.#publishedAgain.add(payload);
  }

  /** Received again without DUP, though it was published once. */
  unflagged(): readonly string[] {
    return [...this.#received]
      .filter(([payload, times]) => !this.#publishedAgain.has(payload) && times.slice(1).some((dup) => !dup))
      .map(([payload]) => payload);
  }
}
