import { describe, expect, test } from 'vitest';
import type { Decision, Grant } from '@gatehouse/auth-core';
import type { AuthMethod, AuthStep } from '../../src/index.ts';
import { message, payloads } from '../support/messages.ts';
import { connectPacket, type RawClient } from '../support/raw-client.ts';
import { publishBytes } from './bytes.ts';
import { expectCut, expectNext, topics, useBroker } from './support.ts';

const grantOf = (subject: string): Grant => ({
  principal: { namespace: 'toy', subject },
  superuser: true,
  rules: [],
  credentialId: undefined,
  bindsClientId: false,
  expiresAt: undefined,
  rehash: false,
  anonymous: false,
});

/** Admits who answers the question `who?` with a name; `stranger` is nobody. */
function decide(answer: Buffer | undefined): AuthStep {
  const subject = answer?.toString() ?? '';
  const decision: Decision =
    subject === 'stranger'
      ? { outcome: 'deny', reason: 'SCRAM_PROOF_MISMATCH', by: 'toy', detail: {}, trace: [] }
      : { outcome: 'allow', grant: grantOf(subject), by: 'toy', trace: [] };
  return { outcome: 'decided', decision, data: Buffer.from(`hello ${subject}`) };
}

const toy: AuthMethod = {
  begin: (_attempt, data) => {
    if (data?.toString() === 'broken') throw new Error('a defect');
    // Some methods have to wait for something.
    const next = (answer: Buffer | undefined) =>
      data?.toString() === 'later' ? Promise.resolve(decide(answer)) : decide(answer);
    return { outcome: 'continue', data: Buffer.from('who?'), answer: next };
  },
};
const ground = useBroker({ anonymous: 'deny', methods: new Map([['TOY', toy]]) });

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
    for (const packet of [auth(0x18, 'me', 'OTHER'), auth(0x19, 'me')]) {
      const client = await asked();
      client.send(packet);
      expect(await client.closed()).toMatchObject([{ cmd: 'connack', reasonCode: 0x82 }]);
    }
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

  test.each(['stranger', 'somebody else'])(
    'v5.0 [MQTT-4.12.1-2] that fails closes the connection: %s',
    async (name) => {
      const client = await admitted();
      client.send(auth(0x19, 'again'));
      await expectNext(client, 'auth');
      client.send(auth(0x18, name));
      await expectCut(client, 5, 0x87);
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
  });
});
