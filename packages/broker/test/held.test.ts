import type { Grant } from '@gatehouse/auth-core';
import { describe, expect, test } from 'vitest';
import { AccessPolicy } from '../src/access/policy.ts';
import { LIMITS, type Limits } from '../src/config.ts';
import { createMessage } from '../src/router/message.ts';
import { RetainedStore } from '../src/router/retained.ts';
import { HeldTotal } from '../src/session/held.ts';
import type { SessionLink } from '../src/session/link.ts';
import { SessionRegistry } from '../src/session/registry.ts';
import type { Session } from '../src/session/session.ts';
import { BoundCounters } from '../src/telemetry/bounds.ts';
import { MessageCounters } from '../src/telemetry/messages.ts';
import { FakeClock } from './support/fake-clock.ts';
import { closedJournal, copyOf } from './support/messages.ts';

const clock = new FakeClock();

const message = (topic: string, bytes: number) =>
  createMessage(
    {
      topic,
      payload: Buffer.alloc(bytes, 'x'),
      qos: 1,
      retain: true,
      properties: Buffer.alloc(0),
      publisher: 'p',
      expirySeconds: undefined,
    },
    clock,
  );

const grantFor = (subject: string): Grant => ({
  principal: { namespace: 'builtin', subject },
  superuser: true,
  rules: [],
  credentialId: undefined,
  bindsClientId: false,
  expiresAt: undefined,
  rehash: false,
  anonymous: false,
});

function house(limits: Partial<Limits> = {}) {
  const messages = new MessageCounters();
  const heldTotal = new HeldTotal();
  const registry = new SessionRegistry(
    {
      access: new AccessPolicy(),
      limits: { ...LIMITS, ...limits },
      clock,
      messages,
      bounds: new BoundCounters(),
      heldTotal,
      journal: closedJournal(clock),
    },
    { will: () => undefined, ended: () => undefined },
  );
  const open = (clientId: string, subject = clientId, expirySeconds = 60) =>
    registry.open({
      clientId,
      username: subject,
      grant: grantFor(subject),
      cleanStart: false,
      expirySeconds,
      will: undefined,
    });
  const session = (clientId: string): Session => {
    const opened = open(clientId);
    if (opened.outcome !== 'opened') throw new Error(opened.outcome);
    return opened.session;
  };
  return { messages, heldTotal, registry, open, session };
}

const give = (session: Session, topic: string, bytes = 1_000) => {
  session.outgoing.deliver(copyOf(message(topic, bytes)));
};

/** A client that takes everything and acknowledges nothing. */
const silentLink = (sent: Buffer[]): SessionLink => ({
  version: 4,
  origin: { ip: '127.0.0.1', fingerprint: undefined },
  packetBytesMax: 1_000_000,
  receiveMaximum: 1_000,
  aliases: undefined,
  congested: false,
  send: (bytes) => sent.push(bytes),
  sendCopy: ({ bytes }) => sent.push(bytes),
  regranted: () => undefined,
  close: () => undefined,
});

describe('what sessions hold', () => {
  test('counts messages in flight: a client that acknowledges nothing is held to its bytes', () => {
    const { messages, heldTotal, session } = house({ queueBytesMax: 5_000 });
    const client = session('c');
    const sent: Buffer[] = [];
    client.link = silentLink(sent);
    for (let index = 0; index < 50; index += 1) give(client, `t/${index}`);
    expect(heldTotal.bytes).toBeLessThanOrEqual(5_000);
    expect(heldTotal.bytes).toBeGreaterThan(0);
    expect(sent.length + messages.dropped).toBe(50);
    for (const id of sent.keys()) client.outgoing.complete(id + 1);
    expect(heldTotal.bytes).toBe(0);
  });

  test('is given back when a session ends, waiting and in flight', () => {
    const { heldTotal, registry, session } = house({ inflightMax: 1 });
    const client = session('c');
    client.link = silentLink([]);
    give(client, 'in flight');
    give(client, 'waiting');
    expect(heldTotal.bytes).toBeGreaterThan(2_000);
    registry.end(client);
    expect(heldTotal.bytes).toBe(0);
    expect(heldTotal.largest()).toBeUndefined();
  });

  test('over the bound of all together the largest queue loses its oldest, not whoever comes next', () => {
    const { messages, session } = house({ queueBytesTotalMax: 20_000 });
    const hog = session('hog');
    const small = session('small');
    for (let index = 0; index < 17; index += 1) give(hog, `hog/${index}`);
    for (let index = 0; index < 4; index += 1) give(small, `small/${index}`);
    const sent: Buffer[] = [];
    small.link = silentLink(sent);
    small.outgoing.resume();
    expect(sent).toHaveLength(4);
    expect(messages.dropped).toBeGreaterThan(0);
  });

  test('holds no encoded copies beside the payload', () => {
    const one = message('t', 10);
    const { session } = house();
    const client = session('c');
    client.link = silentLink([]);
    client.outgoing.deliver(copyOf(one));
    expect(one.encodings).toBeUndefined();
  });
});

describe('retained topics', () => {
  test('are accounted with the levels that lead to them, and give all of it back', () => {
    const store = new RetainedStore(LIMITS, clock, closedJournal(clock));
    const deep = Array.from({ length: 60 }, (_, index) => `level-${index}`).join('/');
    store.set(message(deep, 1));
    expect(store.bytes).toBeGreaterThan(60 * 300);
    store.set(message(`${deep}/more`, 1));
    store.set(message(deep, 0));
    store.set(message(`${deep}/more`, 0));
    expect(store.bytes).toBe(0);
  });

  test('whose levels would not fit are refused, and leave nothing behind', () => {
    const store = new RetainedStore(
      { retainedMax: 10, retainedBytesMax: 5_000 },
      clock,
      closedJournal(clock),
    );
    expect(store.set(message('a/'.repeat(40), 1))).toBe(false);
    expect(store.bytes).toBe(0);
    expect(store.set(message('a', 1))).toBe(true);
  });
});

describe('persistent sessions of one principal', () => {
  test('are bounded, others are not touched, and ended ones make room', () => {
    const { registry, open } = house({ sessionsPerPrincipalMax: 2 });
    const outcome = (...asked: Parameters<typeof open>) => open(...asked).outcome;
    expect([outcome('1', 'a'), outcome('2', 'a'), outcome('3', 'a')]).toEqual(['opened', 'opened', 'full']);
    expect(open('3', 'a')).toMatchObject({ bound: 'sessionsPerPrincipalMax' });
    expect(outcome('4', 'b')).toBe('opened');
    expect(outcome('5', 'a', 0)).toBe('opened');
    expect(outcome('2', 'a')).toBe('opened');
    const first = registry.get('1');
    if (first !== undefined) registry.end(first);
    expect(outcome('3', 'a')).toBe('opened');
    expect(outcome('6', 'a')).toBe('full');
    expect(outcome('3', 'a', 0)).toBe('opened');
    expect(outcome('6', 'a')).toBe('opened');
  });
});

test('an expiry of years is not cut short to what one timer can take', () => {
  const { registry, session } = house();
  const client = session('c');
  registry.setExpiry(client, 4_294_967_295);
  client.link = silentLink([]);
  registry.detach(client, client.link, false);
  clock.advance(40 * 86_400_000);
  expect(registry.get('c')).toBe(client);
  registry.setExpiry(client, 0);
  registry.stop();
});
