import type { Journal } from '../journal/journal.ts';
import type { Ticket, Waiter } from '../journal/ticket.ts';
import type { SessionLink } from '../session/link.ts';

interface HeldAnswer {
  readonly bytes: Buffer;
  readonly ticket: Ticket;
  readonly then: (() => void) | undefined;
}

/** Shared by the connections of which none waits; never written to. */
const NONE: HeldAnswer[] = [];

/** The acknowledgements of one connection, in order: each is sent when the batch that it vouches for is on the disk. */
export class Answers implements Waiter {
  readonly #journal: Journal;
  readonly #connection: Pick<SessionLink, 'send'>;
  #held: HeldAnswer[] = NONE;

  constructor(journal: Journal, connection: Pick<SessionLink, 'send'>) {
    this.#journal = journal;
    this.#connection = connection;
  }

  /** Some wait for the journal. */
  get areHeld(): boolean {
    return this.#held.length > 0;
  }

  add(bytes: Buffer, ticket: Ticket, then: (() => void) | undefined): void {
    if (this.#held.length === 0 && this.#journal.isCommitted(ticket)) {
      this.#connection.send(bytes);
      then?.();
      return;
    }
    if (this.#held === NONE) this.#held = [];
    this.#held.push({ bytes, ticket, then });
    if (!this.#journal.isCommitted(ticket)) this.#journal.wait(ticket, this);
  }

  committed(): void {
    const waiting = this.#held.findIndex(({ ticket }) => !this.#journal.isCommitted(ticket));
    const due = this.#held.splice(0, waiting === -1 ? this.#held.length : waiting);
    for (const { bytes, then } of due) {
      this.#connection.send(bytes);
      then?.();
    }
  }

  /** The connection is gone: what it was not told it will ask again. */
  clear(): void {
    this.#held = NONE;
  }
}
