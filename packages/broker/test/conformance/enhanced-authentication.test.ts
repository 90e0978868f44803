import { describe, expect, test } from 'vitest';
import type { ChainStage, Decision, Grant } from '@gatehouse/auth-core';
import { type DecidingChain, LIMITS, systemClock } from '../../src/index.ts';
import { testChain } from '../support/broker.ts';
import { message, payloads } from '../support/messages.ts';
import { connectPacket, type RawClient } from '../support/raw-client.ts';
import { publishBytes } from './bytes.ts';
import { expectCut, expectNext, topics, useBroker } from './support.ts';

/** Of `me at u/` the topics are mounted at `u/`. */
function grantOf(name: string): Grant {
  const [subject = '', mountpoint] = name.split(' at ');
  return { ...toyGrant(subject), ...(mountpoint === undefined ? {} : { mountpoint }) };
}

const toyGrant = (subject: string): Grant => ({
  principal: { namespace: 'toy', subject },
  superuser: true,
  rules: [],
  credentialId: undefined,
  bindsClientId: false,
  expiresAt: undefined,
  rehash: false,
  anonymous: false,
});

const ALLOWED = { authenticator: 'toy', type: 'toy', outcome: 'allow', reason: null, ms: 1 } as const;

/** Admits who answers the question `who?` with a name; `stranger` is nobody. */
function decide(answer: Uint8Array | undefined): ChainStage {
  const subject = textOf(answer);
  const decision: Decision =
    subject === 'stranger'
      ? { outcome: 'deny', reason: 'SCRAM_PROOF_MISMATCH', by: 'toy', detail: {}, trace: [] }
      : { outcome: 'allow', grant: grantOf(subject), by: 'toy', trace: [ALLOWED] };
  return { outcome: 'decided', decision, data: Buffer.from(`hello ${subject}`) };
}

const textOf = (data: Uint8Array | undefined): string => Buffer.from(data ?? []).toString();

const others = testChain([], 'deny', systemClock);
const toy: DecidingChain = {
  decide: (attempt) => others.decide(attempt),
  begin: (attempt, data) => {
    if (attempt.authMethod !== 'TOY') return others.begin(attempt, data);
    if (textOf(data) === 'broken') throw new Error('a defect');
    return {
      outcome: 'continue',
      data: Buffer.from('who?'),
      // Some methods have to wait for something.
      answer: (answer) => (textOf(data) === 'later' ? Promise.resolve(decide(answer)) : decide(answer)),
      abandon: (detail) => ({ outcome: 'deny', reason: 'SCRAM_DATA_MISSING', by: 'toy', detail, trace: [] }),
    };
  },
};
const ground = useBroker({ chains: () => toy });

const auth = (reasonCode: number, data: string, authenticationMethod = 'TOY') =>
  ({
    cmd: 'auth',
    reasonCode,
    properties: { authenticationMethod, authenticationData: Buffer.from(data) },
  }) as const;
const question = { cmd: 'auth', reasonCode: 0x18, properties: { authenticationMethod: 'TOY' } };

/** A client that has named the method and been asked. */
async function asked(first = 'first', clientId = 'c'): Promise<RawClient> {
  const client = await ground.raw(5);
  const properties = { authenticationMethod: 'TOY', authenticationData: Buffer.from(first) };
  client.send(connectPacket({ protocolVersion: 5, clientId, properties }));
  expect(await client.next()).toMatchObject(question);
  return client;
}

async function admitted(name = 'me', clientId = 'c'): Promise<RawClient> {
  const client = await asked('first', clientId);
  client.send(auth(0x18, name));
  await expectNext(client, 'connack');
  return client;
}

describe('authentication in several steps', () => {
  test.each(['first', 'later'])(
    'v5.0 [MQTT-3.2.0-1] [MQTT-3.15.2-1] [MQTT-4.12.0-2] [MQTT-4.12.0-5] AUTH asks with 0x18, and AUTH and CONNACK name the method (%s)',
    async (first) => {
      const client = await asked(first);
      client.send(auth(0x18, 'me'));
      expect(await client.next()).toMatchObject({
        cmd: 'connack',
        reasonCode: 0,
        properties: { authenticationMethod: 'TOY', authenticationData: Buffer.from('hello me') },
      });
    },
  );

  test('v5.0 [MQTT-3.15.2-2] [MQTT-3.15.2-3] AUTH of the server has neither reason string nor user properties', async () => {
    const client = await ground.raw(5);
    const properties = { authenticationMethod: 'TOY', maximumPacketSize: 20 };
    client.send(connectPacket({ protocolVersion: 5, properties }));
    const packet = await expectNext(client, 'auth');
    expect(packet).not.toHaveProperty('properties.reasonString');
    expect(packet).not.toHaveProperty('properties.userProperties');
  });

  test('v5.0 [MQTT-4.12.0-4] who fails is refused, closed and recorded', async () => {
    const client = await asked();
    client.send(auth(0x18, 'stranger'));
    expect(await client.closed()).toMatchObject([
      { cmd: 'connack', reasonCode: 0x86, sessionPresent: false },
    ]);
    expect(await ground.sink.refusal()).toMatchObject({
      reason: 'SCRAM_PROOF_MISMATCH',
      authenticator: 'toy',
    });
  });

  test('v5.0 [MQTT-3.1.2-30] [MQTT-3.1.4-6] anything but AUTH and DISCONNECT before CONNACK is refused, and not processed', async () => {
    const seen = await admitted('seen', 'seen');
    await seen.subscribe('#');
    const client = await asked();
    client.write(publishBytes(5));
    expect(await client.closed()).toMatchObject([{ cmd: 'connack', reasonCode: 0x82 }]);
    const leaving = await asked();
    leaving.send({ cmd: 'disconnect', reasonCode: 0 });
    expect(await leaving.closed()).toEqual([]);
    expect(topics(await seen.drain())).toEqual([]);
  });

  test('v5.0 [MQTT-4.12.0-3] [MQTT-4.12.0-5] another method or code than was asked for is refused', async () => {
    for (const [packet, reasonCode] of [
      [auth(0x18, 'me', 'OTHER'), 0x8c],
      [auth(0x19, 'me'), 0x82],
    ] as const) {
      const client = await asked();
      client.send(packet);
      expect(await client.closed()).toMatchObject([{ cmd: 'connack', reasonCode }]);
    }
  });

  test('who gives no answer in time is refused for that, and recorded; who was kept waiting is told busy', async () => {
    const client = await asked();
    ground.clock.advance(LIMITS.authenticateTimeoutMs);
    expect(await client.closed()).toMatchObject([{ cmd: 'connack', reasonCode: 0x87 }]);
    expect(await ground.sink.refusal()).toMatchObject({
      reason: 'SCRAM_DATA_MISSING',
      authenticator: 'toy',
      connackCode: 0x87,
    });
  });

  test('what breaks an exchange off is recorded with the code that the client was told', async () => {
    const client = await asked();
    client.send(auth(0x18, 'me', 'OTHER'));
    await client.closed();
    expect(await ground.sink.refusal()).toMatchObject({
      reason: 'SCRAM_METHOD_CHANGED',
      connackCode: 0x8c,
    });
  });

  test('a session is taken over after the proof, not before', async () => {
    const first = await admitted();
    const second = await asked();
    expect(await first.drain()).toEqual([]);
    second.send(auth(0x18, 'stranger'));
    await second.closed();
    expect(await first.drain()).toEqual([]);
    await admitted();
    await expectCut(first, 5, 0x8e);
  });

  test('a method that fails makes the server busy, not the client unauthorized', async () => {
    const client = await ground.raw(5);
    const properties = { authenticationMethod: 'TOY', authenticationData: Buffer.from('broken') };
    client.send(connectPacket({ protocolVersion: 5, properties }));
    expect(await client.closed()).toMatchObject([{ cmd: 'connack', reasonCode: 0x89 }]);
  });
});

describe('re-authentication', () => {
  test('v5.0 [MQTT-4.12.0-5] [MQTT-3.15.2-1] goes on beside the traffic, and ends with 0x00', async () => {
    const client = await admitted();
    await client.subscribe('t');
    client.send(auth(0x19, 'again'));
    expect(await client.next()).toMatchObject(question);
    client.send(message());
    expect(payloads(await client.drain())).toEqual(['x']);
    client.send(auth(0x18, 'me'));
    expect(await client.next()).toMatchObject({ ...question, reasonCode: 0 });
    client.send(auth(0x19, 'once more'));
    expect(await client.next()).toMatchObject(question);
  });

  test.each(['stranger', 'somebody else', 'me at u/'])(
    'v5.0 [MQTT-4.12.1-2] that fails closes the connection: %s',
    async (name) => {
      const client = await admitted();
      client.send(auth(0x19, 'again'));
      await expectNext(client, 'auth');
      client.send(auth(0x18, name));
      await expectCut(client, 5, 0x87);
      expect(await ground.sink.refusal()).toMatchObject({
        reason: 'SCRAM_REAUTH_FAILED',
        clientId: 'c',
        authenticator: 'toy',
        connackCode: 0x87,
      });
    },
  );

  test('v5.0 [MQTT-4.12.1-1] by another method, or out of turn, is a protocol error', async () => {
    for (const packets of [
      [auth(0x19, 'x', 'OTHER')],
      [auth(0x18, 'x')],
      [auth(0x19, 'x'), auth(0x19, 'x')],
    ]) {
      const client = await admitted();
      for (const packet of packets) client.send(packet);
      await expectCut(client, 5, 0x82);
    }
    expect(ground.sink.refusals.map(({ reason, connackCode }) => [reason, connackCode])).toEqual([
      ['SCRAM_METHOD_CHANGED', 0x82],
      ['SCRAM_UNEXPECTED_STATE', 0x82],
      ['SCRAM_UNEXPECTED_STATE', 0x82],
    ]);
  });

  test('to which the client owes an answer ends with its time', async () => {
    const client = await admitted();
    client.send(auth(0x19, 'again'));
    await expectNext(client, 'auth');
    ground.clock.advance(LIMITS.authenticateTimeoutMs);
    await expectCut(client, 5, 0x87);
    expect(await ground.sink.refusal()).toMatchObject({
      reason: 'SCRAM_REAUTH_FAILED',
      detail: { because: 'SCRAM_DATA_MISSING' },
    });
  });

  test('gives the session what the proof grants today', async () => {
    const client = await admitted('me', 'c');
    expect(ground.broker.stats().auth.authenticators).toMatchObject([{ name: 'toy', allow: 1 }]);
    client.send(auth(0x19, 'again'));
    await expectNext(client, 'auth');
    client.send(auth(0x18, 'me'));
    await expectNext(client, 'auth');
    expect(ground.broker.stats().auth.authenticators).toMatchObject([{ name: 'toy', allow: 2 }]);
  });
});
