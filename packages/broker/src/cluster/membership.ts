import type { ClusterLinks } from '../config.ts';
import type { BrokerContext } from '../context.ts';
import type { Recovered } from '../journal/recovery.ts';
import type { Session } from '../session/session.ts';
import { Hint, Peers } from './peers.ts';

/** Milliseconds after which a node looks for itself what hints would have told, and for nodes that are gone. */
const LOOK_MS = 500;
/** Client IDs of restored sessions that one statement claims. */
const CLAIMS_PER_STATEMENT = 1_000;

/** A node's life among the others: how it joins them, follows them, takes over from those that are gone, and leaves. */
export class Membership {
  readonly peers: Peers;
  readonly #context: BrokerContext;
  readonly #links: ClusterLinks;
  #cancel: () => void = () => undefined;
  #looking: Promise<void> = Promise.resolve();
  #isOver = false;
  #inTrouble = false;

  constructor(context: BrokerContext, links: ClusterLinks, review: (session: Session) => void) {
    this.#context = context;
    this.#links = {
      ...links,
      // A journal that is closed under its work is none of our failing.
      onFatal: (error) => {
        if (!this.#isOver) links.onFatal(error);
      },
    };
    this.peers = new Peers(context, this.#links, review);
    context.peers.current = this.peers;
  }

  /** What the others keep is known; before anything is published here. */
  async join(): Promise<void> {
    this.peers.remote.learn(await this.#links.journal.interestSince(0));
  }

  /** Sessions that were given to this node while it was away are here before it publishes anything. */
  async welcome(): Promise<void> {
    await this.peers.inbox.read();
  }

  /** The sessions are back: they are this node's, and so is what they are interested in. */
  async start({ retained }: Recovered): Promise<void> {
    const { registry, journal } = this.#context;
    const { store, bus } = this.#links;
    this.peers.inbox.isReady = true;
    await this.#claimAll([...registry]);
    this.peers.retained.move(retained);
    await journal.settled();
    await store.resetInterest(this.peers.own.kept);
    await this.peers.retained.follow();
    bus.on(Hint.mail, () => {
      if (!this.#isOver) this.#follow(this.peers.inbox.read());
    });
    bus.on(Hint.retained, () => {
      if (!this.#isOver) this.#follow(this.peers.retained.follow());
    });
    await this.#tidy();
    this.#lookLater();
  }

  /** Gives up client IDs of a run before, or of a node that is gone, that no session came back for. */
  async #tidy(): Promise<void> {
    const { claims, inbox } = this.peers;
    claims.suspect(await this.#links.store.ownClaims());
    // Whatever was given to this node until then is here now.
    await inbox.read();
    await this.#context.journal.section(() => {
      claims.releaseSuspects();
    });
  }

  /** Follows nobody any more. Sessions stay this node's until another goes on with them. */
  leave(): void {
    this.#isOver = true;
    this.#cancel();
  }

  /** Resolves when nothing is under way; the journal is closed, so that nothing of it waits for the database. */
  async left(): Promise<void> {
    await this.#looking;
  }

  async #claimAll(sessions: readonly Session[]): Promise<void> {
    for (let at = 0; at < sessions.length; at += CLAIMS_PER_STATEMENT) {
      const some = sessions.slice(at, at + CLAIMS_PER_STATEMENT);
      await this.peers.claims.claimRestored(some);
    }
  }

  #lookLater(): void {
    if (this.#isOver) return;
    this.#cancel = this.#context.clock.after(LOOK_MS, () => {
      this.#looking = this.#look().finally(() => {
        this.#lookLater();
      });
    });
  }

  /** What fails for now is done the next time. */
  async #look(): Promise<void> {
    const { log } = this.#context;
    try {
      await this.peers.inbox.read();
      await this.peers.retained.follow();
      await this.#takeOver();
      await this.peers.retained.expire();
      this.#inTrouble = false;
    } catch (err) {
      if (!this.#inTrouble && !this.#isOver) log.warn({ err }, 'the other nodes cannot be followed for now');
      this.#inTrouble = true;
    }
  }

  /** A node whose lease has ended is gone: whoever is first goes on with its sessions. */
  async #takeOver(): Promise<void> {
    const { log, clock } = this.#context;
    for (;;) {
      const fenced = this.#isOver ? undefined : await this.#links.store.fence();
      if (fenced === undefined) return;
      const { node, journal } = fenced;
      const startedAt = clock.monotonic();
      log.warn({ gone: node }, 'a node is gone: this one goes on with its sessions');
      try {
        const { sessions } = await this.peers.inbox.inherit(node, journal);
        await this.#tidy();
        log.info(
          { gone: node, sessions, ms: Math.round(clock.monotonic() - startedAt) },
          'its sessions are here',
        );
      } finally {
        await journal.close();
      }
    }
  }

  #follow(work: Promise<void>): void {
    work.catch((err: unknown) => {
      this.#context.log.warn({ err }, 'a hint of another node could not be followed: it is looked at again');
    });
  }
}
