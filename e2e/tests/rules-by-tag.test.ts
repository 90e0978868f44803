import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import mqtt, { type MqttClient } from 'mqtt';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Api } from '../support/api.ts';
import { BY_X509, pki, root } from '../support/certificates.ts';
import { mosquittoPub } from '../support/clients.ts';
import { BY_SCRAM, mqttJsByScram, ScramPeer } from '../support/scram.ts';
import { startServer, type Server } from '../support/server.ts';

/** How long a change may take to reach an open session (auth.md §7). */
const LIVE_MS_MAX = 1_000;
const NOT_AUTHORIZED = 0x87;
const DENY_SENSORS = {
  permission: 'deny',
  who: { tag: 'sensor' },
  action: 'publish',
  topics: ['plant/+/set'],
};

/** 0 when it was let through. */
const publish = (client: MqttClient, topic: string): Promise<number> =>
  client.publishAsync(topic, 'x', { qos: 1 }).then(
    () => 0,
    (error: unknown) => (error as { code: number }).code,
  );

/** A rule by tag bites where the credential has the tag, and in the open session as soon as it is given or taken. */
async function followsItsTags(api: Api, client: MqttClient, id: string): Promise<void> {
  const tagged = (tags: readonly string[]) => api.ok('PATCH', `/credentials/${id}`, { tags });
  expect(await publish(client, 'plant/1/set')).toBe(NOT_AUTHORIZED);
  expect(await publish(client, 'plant/1/state')).toBe(0);
  await tagged([]);
  await expect.poll(() => publish(client, 'plant/1/set'), { timeout: LIVE_MS_MAX, interval: 20 }).toBe(0);
  await tagged(['sensor']);
  await expect
    .poll(() => publish(client, 'plant/1/set'), { timeout: LIVE_MS_MAX, interval: 20 })
    .toBe(NOT_AUTHORIZED);
}

describe('a rule about a tag', () => {
  let server: Server;
  let api: Api;
  beforeAll(async () => {
    server = await startServer({
      // SCRAM on the plain listener: the later word counts.
      set: [...BY_X509, ...BY_SCRAM, 'listeners.tcp.chain=default'],
    });
    api = new Api(server);
    await api.ok('POST', '/acl-rules', DENY_SENSORS);
  });
  afterAll(() => server.stop());

  test('holds for a client whose certificate has an X.509 credential of that tag', async () => {
    const { id } = await api.createCredential({
      type: 'x509',
      match: { by: 'cn', value: 'by-tag' },
      tags: ['sensor'],
    });
    const { cert, key } = pki.make({ subject: '/CN=by-tag', issuer: root });
    const client = await mqtt.connectAsync(`mqtts://localhost:${String(server.ports.tls)}`, {
      ca: readFileSync(join(server.dataDir, 'pki/ca.crt')),
      clientId: 'by-tag',
      protocolVersion: 5,
      reconnectPeriod: 0,
      cert,
      key,
    });
    await followsItsTags(api, client, id);
    await client.endAsync(true);
  });

  test('holds for a client that proved a SCRAM credential of that tag', async () => {
    const { id } = await api.createCredential({
      type: 'scram',
      username: 'scram-by-tag',
      password: 'pencil-and-paper',
      tags: ['sensor'],
    });
    const { client } = await mqttJsByScram(
      `mqtt://127.0.0.1:${String(server.ports.tcp)}`,
      'scram-by-tag',
      new ScramPeer('scram-by-tag', 'pencil-and-paper'),
    );
    await followsItsTags(api, client, id);
    await client.endAsync(true);
  });
});

describe('a rule about a tag', () => {
  let server: Server;
  beforeAll(async () => {
    server = await startServer({
      set: [
        'listeners.tls.psk_ciphers=PSK-AES128-CBC-SHA,PSK-AES256-CBC-SHA',
        'listeners.tls.chain=keys',
        'auth.chains.keys=[psk]',
        'auth.authenticators.psk={"type":"psk"}',
      ],
    });
  });
  afterAll(() => server.stop());

  test('holds for a client with a pre-shared key of that tag, and for no other', async () => {
    const api = new Api(server);
    const { id: ruleId } = await api.ok<{ id: string }>('POST', '/acl-rules', {
      ...DENY_SENSORS,
      topics: ['gatehouse/e2e'],
    });
    const come = async (identity: string, tags: readonly string[]): Promise<void> => {
      const made = await api.createCredential({
        type: 'psk',
        identity,
        tags,
      });
      const psk = ['--psk-identity', identity, '--psk', made.secret ?? '', '--tls-version', 'tlsv1.2'];
      await mosquittoPub(server.ports.tls, { clientId: identity }, [...psk, '-V', '5', '-q', '1']);
    };
    await come('tagged', ['sensor']);
    await come('untagged', []);
    expect(await api.ok('GET', '/denials')).toMatchObject({
      items: [{ clientId: 'tagged', topic: 'gatehouse/e2e', rule: { id: ruleId } }],
      total: 1,
    });
  });
});
