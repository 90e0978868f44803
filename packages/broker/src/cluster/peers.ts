import type { Interest, JournalSegment, Letter, SharedPart } from '@gatehouse/ports';
import type { ClusterLinks } from '../config.ts';
import type { Companions } from '../journal/journal.ts';
import { isExpired, keep, type Message } from '../router/message.ts';
import { SYS_PREFIX } from '../router/sys-prefix.ts';
import { keyOf, type Outbound, SharedBatch } from './batch.ts';
import { Claims } from './claims.ts';
import { Inbox, type InboxHouse } from './inbox.ts';
import { readLetter, writeMessages, writeShare, writeYield } from './letters.ts';
import { isKept, OwnInterest } from './own-interest.ts';
import type { ClusterNeeds } from './needs.ts';
import type { OtherNodes } from './port.ts';
import { RemoteInterest, type RemoteShare } from './remote-interest.ts';
import { RetainedExchange } from './retained-exchange.ts';

const NOTHING = new Uint8Array(0);
/** Hints that a node gives another; what they are about is in the database. */
export const Hint = { mail: 'mail', retained: 'retained' } as const;
/** A message of QoS 0 whose turn in a share is another node's. */
const SHARE = 'share';

/** This node among others: what it tells them with each batch, and what it hears (ADR 0039). */
export class Peers implements Companions, OtherNodes, InboxHouse {
  readonly own: OwnInterest;
  readonly claims: Claims;
  readonly inbox: Inbox;
  readonly retained: RetainedExchange;
  readonly remote: RemoteInterest;
  readonly #context: ClusterNeeds;
  readonly #parts: ClusterLinks;
  /** By share: how many messages of it this node has handed on. */
  readonly #turns = new Map<string, number>();
  isLocked = false;

  constructor(context: ClusterNeeds, parts: ClusterLinks, review: Inbox['review']) {
    this.#context = context;
    this.#parts = parts;
    const { journal, clock } = context;
    const { node } = parts.bus;
    this.remote = new RemoteInterest(node);
    this.own = new OwnInterest(parts.bus, () => journal.shared);
    this.claims = new Claims({
      node,
      store: parts.store,
      journal,
      clock,
      readInbox: () => this.inbox.read(),
    });
    this.retained = new RetainedExchange(context, parts, () => this.inbox.read());
    this.inbox = new Inbox(context, parts, this, review);
    parts.bus.onMessage((_from, _topic, payload) => {
      this.#heard(payload);
    });
    parts.bus.on(SHARE, (_from, payload) => {
      this.#heard(payload);
    });
  }

  get node(): string {
    return this.#parts.bus.node;
  }

  newBatch(): SharedBatch {
    return new SharedBatch();
  }

  publish(message: Message): number {
    const { router } = this.#context;
    const local = router.publishUnshared(message);
    const { here, elsewhere } = this.#share(message);
    if (message.topic.startsWith(SYS_PREFIX)) return local + here.size;
    this.#tellBus(message);
    if (message.qos === 0) {
      const { clock } = this.#context;
      for (const { node, share } of elsewhere.values())
        this.#parts.bus.send(node, SHARE, writeShare(share, true, message, clock));
      return local + here.size + elsewhere.size;
    }
    keep(message);
    const nodes = this.remote.nodesOf(message.topic);
    this.#context.journal.shared?.publish({ message, nodes, shares: elsewhere, sharedHere: here });
    return local + here.size + elsewhere.size + nodes.size;
  }

  async commit(segment: JournalSegment, shared: SharedBatch): Promise<'committed' | 'stale'> {
    const part = this.#partOf(shared);
    const committed = await this.#parts.journal.commit(segment, part);
    if (committed.outcome === 'stale') return 'stale';
    // Nobody has changed anything in between: else it would have been stale, or nobody could. What listens elsewhere from
    // now on the database tells: it may have been given to the heir of the node that was meant.
    const isKnown = part.transfers.every(({ listens }) => listens.length === 0);
    if (isKnown && (part.matchedAt !== undefined || this.isLocked)) this.remote.reached(committed.epoch);
    this.inbox.landed(shared);
    const { bus } = this.#parts;
    const told = new Set([...part.mail, ...part.transfers].map(({ to }) => to));
    for (const node of told) bus.send(node, Hint.mail, NOTHING);
    if (part.retained.length > 0) bus.broadcast(Hint.retained, NOTHING);
    return 'committed';
  }

  /** Interest has changed: what was given to this node comes first, then everything is matched anew. */
  async catchUp(): Promise<void> {
    const { journal } = this.#parts;
    const news = await journal.interestSince(this.remote.epoch);
    if (news.changes.some(({ node, live }) => live && node === this.node)) {
      // All of them: what was given may be behind much else.
      for (;;) {
        const letters = await journal.letters(this.inbox.unconfirmed);
        if (letters.length === 0) break;
        this.inbox.take(letters);
      }
    }
    this.remote.learn(news);
    this.rematch();
  }

  /** Says anew who gets the messages that are not committed. */
  rematch(): void {
    const { journal, router } = this.#context;
    for (const outbound of journal.shared?.outbound ?? []) {
      const { message, shares, sharedHere } = outbound;
      outbound.nodes = this.remote.nodesOf(message.topic);
      const known = this.remote.sharesOf(message.topic);
      for (const [key, { node, share }] of shares) {
        if (known.get(key)?.nodes.has(node) === true) continue;
        shares.delete(key);
        if (!known.has(key)) router.publishToShare(share, message, false);
      }
      for (const [key, remote] of known)
        if (!sharedHere.has(key) && !shares.has(key)) this.#pick(shares, key, remote);
    }
  }

  /** A message of a share goes to a member of another node, and no further. */
  handOn(share: Interest, message: Message, to: string): void {
    this.#context.journal.shared?.mail.push({
      to,
      bytes: writeShare(share, true, message, this.#context.clock),
    });
  }

  /** A letter that some node wrote, taken apart; undefined when it cannot be read, which is told. */
  read(letter: Pick<Letter, 'bytes'>): ReturnType<typeof readLetter> | undefined {
    const { clock, log } = this.#context;
    try {
      return readLetter(letter.bytes, clock);
    } catch (err) {
      log.error({ err }, 'what another node wrote cannot be read: it is left out');
      return undefined;
    }
  }

  #heard(payload: Uint8Array): void {
    const content = this.read({
      bytes: Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength),
    });
    const { router, clock } = this.#context;
    if (content?.kind === 'share') {
      router.publishToShare(content.share, content.message, false);
      return;
    }
    if (content?.kind !== 'messages') return;
    for (const message of content.messages) {
      if (isExpired(message, clock)) continue;
      // The sessions that keep it get it through the database.
      const { qos } = message;
      router.receive(message, (session) => qos === 0 || !isKept(session));
    }
  }

  /** Each share gets it once: in turn here and at the other nodes that have members. */
  #share(message: Message): {
    readonly here: ReadonlySet<string>;
    readonly elsewhere: Outbound['shares'];
  } {
    const { router } = this.#context;
    const here = new Set<string>();
    const elsewhere: Outbound['shares'] = new Map();
    const remote = this.remote.sharesOf(message.topic);
    for (const { group, inner } of router.sharesOf(message.topic)) {
      const share = { group, filter: inner };
      const key = keyOf(share);
      const others = remote.get(key)?.nodes.size ?? 0;
      if (others > 0 && this.#turn(key) % (others + 1) !== 0) continue;
      if (router.publishToShare(share, message, others > 0)) here.add(key);
    }
    for (const [key, one] of remote) if (!here.has(key)) this.#pick(elsewhere, key, one);
    return { here, elsewhere };
  }

  #pick(shares: Outbound['shares'], key: string, { share, nodes }: RemoteShare): void {
    const all = [...nodes];
    const node = all[this.#turn(key) % all.length];
    if (node !== undefined) shares.set(key, { node, share });
  }

  #turn(key: string): number {
    const turn = (this.#turns.get(key) ?? 0) + 1;
    this.#turns.set(key, turn);
    return turn;
  }

  #tellBus(message: Message): void {
    const { bus } = this.#parts;
    if (!bus.isUp) return;
    bus.publish(message.topic, writeMessages([message], this.#context.clock));
  }

  #partOf(shared: SharedBatch): SharedPart {
    const { outbound, interest, departures } = shared;
    const changes = [...interest.values()];
    return {
      matchedAt: outbound.length > 0 ? this.remote.epoch : undefined,
      listens: changes.filter(({ live }) => live).map((change) => change.interest),
      unlistens: changes.filter(({ live }) => !live).map((change) => change.interest),
      mail: [...shared.mail, ...this.#mailOf(outbound)],
      taken: shared.taken,
      released: [...shared.released.keys()],
      transfers: departures.map(({ clientId, to, listens, letter }) => ({
        clientId,
        to,
        listens,
        letter: letter(),
        forward: writeYield(clientId, to),
      })),
      retained: [...shared.retained.values()],
      inherits: shared.inherits,
    };
  }

  #mailOf(outbound: readonly Outbound[]): SharedPart['mail'] {
    const { clock } = this.#context;
    const byNode = new Map<string, Message[]>();
    const letters: { readonly to: string; readonly bytes: Uint8Array }[] = [];
    for (const { message, nodes, shares } of outbound) {
      for (const node of nodes) {
        const messages = byNode.get(node) ?? [];
        messages.push(message);
        byNode.set(node, messages);
      }
      for (const { node, share } of shares.values())
        letters.push({ to: node, bytes: writeShare(share, false, message, clock) });
    }
    for (const [to, messages] of byNode) letters.push({ to, bytes: writeMessages(messages, clock) });
    return letters;
  }
}
