import type { DryRunDto, TroubledClientsDto } from '@gatehouse/contract';
import mqtt from 'mqtt';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Api } from '../support/api.ts';
import { mosquittoPub, mqttJs, paho } from '../support/clients.ts';
import { startServer, type Server } from '../support/server.ts';
import { until } from '../support/until.ts';

const SECRET = 'correct horse 7';
/** As a device would have it in hexadecimal. */
const HEX = Buffer.from(SECRET).toString('hex');

let server: Server;
let api: Api;
beforeAll(async () => {
  server = await startServer();
  api = new Api(server);
});
afterAll(() => server.stop());

const made = (username: string, more: object = {}) =>
  api.createCredential({ name: username, username, password: SECRET, ...more });
const url = (): string => `mqtt://127.0.0.1:${server.ports.tcp}`;
/** The statements of the row of a client, by key with their standing. */
const statements = async (clientId: string): Promise<readonly string[]> => {
  const row = await api.row(`clientId=${clientId}`);
  return (await api.detail(row.id)).likelyCause.map(({ standing, key }) => `${standing} ${key}`);
};
const says = (clientId: string, statement: string): Promise<true> =>
  until(`“${statement}” about ${clientId}`, async () =>
    (await statements(clientId)).includes(statement) ? true : undefined,
  );

describe('what a wrong password was, from a real client', () => {
  test('the secret from before the last change', async () => {
    const { id } = await made('rotated');
    await api.ok('POST', `/credentials/${id}/secret`, { password: 'another horse 8' });
    await mosquittoPub(server.ports.tcp, { clientId: 'rotated', username: 'rotated', password: SECRET });
    await says('rotated', 'fact hint.previous-secret');
  });

  test('the right one with a line break at its end', async () => {
    await made('newline');
    await paho(server.ports.tcp, { clientId: 'newline', username: 'newline', password: `${SECRET}\n` });
    await says('newline', 'fact hint.trailing-whitespace');
  });

  test('the right one in hexadecimal', async () => {
    await made('hex');
    await mosquittoPub(server.ports.tcp, { clientId: 'hex', username: 'hex', password: HEX });
    await says('hex', 'fact hint.hex-or-base64-form');
  });

  test('username and password the wrong way round, although nobody has such a username', async () => {
    await made('swapped');
    await mosquittoPub(server.ports.tcp, { clientId: 'swap-1', username: SECRET, password: 'swapped' });
    await says('swap-1', 'fact hint.username-password-swapped');
  });

  test('the password of the credential with the other identity', async () => {
    await made('line-a');
    await made('line-b', { password: 'belongs to line b' });
    await mosquittoPub(server.ports.tcp, {
      clientId: 'line-b',
      username: 'line-a',
      password: 'belongs to line b',
    });
    await says('line-b', 'fact hint.password-of-other-identity');
  });
});

describe('the change that began it', () => {
  test('a rotation is told with who else it keeps out', async () => {
    const { id } = await made('line-9');
    await api.ok('POST', `/credentials/${id}/secret`, { password: 'another heron 9' });
    for (const clientId of ['line-9-a', 'line-9-b'])
      await paho(server.ports.tcp, { clientId, username: 'line-9', password: SECRET });
    await api.row('clientId=line-9-b');
    await says('line-9-a', 'inference preceded-by');
    await says('line-9-a', 'fact others-refused-since');
    const { precededBy } = await api.detail((await api.row('clientId=line-9-a')).id);
    expect(precededBy).toMatchObject({ action: 'credential.reset-secret' });
  });
});

describe('how it was tried', () => {
  test('a loop with one password is told from somebody who tries many', async () => {
    await made('loop');
    await made('guessed');
    for (let n = 0; n < 4; n += 1) {
      await paho(server.ports.tcp, { clientId: 'loop', username: 'loop', password: 'stale' });
      await paho(server.ports.tcp, { clientId: 'guessed', username: 'guessed', password: `guess-${n}` });
    }
    await says('loop', 'inference one-secret');
    await says('guessed', 'inference guessing');
  });

  test('what differs from the last good login is told', async () => {
    await made('moved');
    await paho(server.ports.tcp, { clientId: 'moved', username: 'moved', password: SECRET });
    await mqttJs(`mqtt://127.0.0.1:${server.ports.tcp}`, {
      clientId: 'moved',
      username: 'moved',
      password: 'wrong',
      protocolVersion: 5,
    });
    await says('moved', 'fact last-good-login');
    const row = await api.row('clientId=moved');
    expect((await api.detail(row.id)).evidence.lastGoodLogin?.differs).toEqual(['protocol']);
  });
});

describe('the attempt reference', () => {
  test('is what the client reads in CONNACK, and what search finds', async () => {
    const refs: string[] = [];
    const client = mqtt.connect(url(), { clientId: 'told-ref', protocolVersion: 5, reconnectPeriod: 0 });
    client.on('packetreceive', (packet) => {
      if (packet.cmd === 'connack') refs.push(String(packet.properties?.reasonString));
    });
    client.on('error', () => undefined); // it is refused
    await new Promise<void>((resolve) => {
      client.once('close', () => {
        resolve();
      });
    });
    const [ref = ''] = refs;
    expect(ref).not.toBe('');
    const row = await api.row(`search=${ref}`);
    expect(row.clientId).toBe('told-ref');
  });
});

describe('admitted but failing', () => {
  test('two clients that take one session from each other are told, with what is concluded', async () => {
    await made('twin');
    const device = { clientId: 'twin', username: 'twin', password: SECRET, reconnectPeriod: 0 };
    const clients = [];
    for (let n = 0; n < 5; n += 1) clients.push((await mqttJs(url(), device)).client);
    const troubled = await until('the takeover war', async () => {
      const { items } = await api.ok<TroubledClientsDto>('GET', '/unauthorized-clients/troubled');
      return items.find(({ clientId }) => clientId === 'twin');
    });
    expect(troubled).toMatchObject({ trouble: 'takeover-war', takeovers: 4 });
    expect(troubled.statements.map(({ key }) => key)).toContain('war-one-address');
    for (const client of clients) await client.endAsync(true);
  });
});

describe('a dry run of a draft', () => {
  const draft = (steps: readonly string[], anonymous = 'deny') =>
    api.ok<DryRunDto>('POST', '/chains/default/dry-run', { steps, anonymous });
  const of = (run: DryRunDto, clientId: string) =>
    run.attempts.items.find((item) => item.clientId === clientId);

  test('says what cannot be told without the secret, what stays, and who would get in', async () => {
    await made('dry-known');
    const open = await mqttJs(url(), { clientId: 'dry-open', username: 'dry-known', password: SECRET });
    await paho(server.ports.tcp, { clientId: 'dry-wrong', username: 'dry-known', password: 'wrong' });
    await paho(server.ports.tcp, { clientId: 'dry-nobody', username: 'dry-nobody', password: 'any' });
    await paho(server.ports.tcp, { clientId: 'dry-bare' });
    for (const clientId of ['dry-wrong', 'dry-nobody', 'dry-bare']) await api.row(`clientId=${clientId}`);

    const same = await draft(['builtin']);
    expect(of(same, 'dry-wrong')).toMatchObject({
      outcome: 'same',
      reason: 'BASIC_PASSWORD_MISMATCH',
      standing: 'inference',
    });
    expect(of(same, 'dry-nobody')).toMatchObject({ outcome: 'same', standing: 'fact' });
    expect(same.sessions.items).toContainEqual(
      expect.objectContaining({ clientId: 'dry-open', outcome: 'admitted' }),
    );

    const nobody = await draft([]);
    expect(nobody.sessions.items).toContainEqual(
      expect.objectContaining({ clientId: 'dry-open', outcome: 'refused', wouldBe: 'CHAIN_EXHAUSTED' }),
    );
    const anybody = await draft([], 'allow');
    expect(of(anybody, 'dry-bare')).toMatchObject({ outcome: 'admitted', standing: 'fact' });
    expect(anybody.attempts.admitted).toBe(anybody.attempts.examined);

    // The password is another now: the one that was sent then may be right.
    const { items } = await api.ok<{ items: { id: string }[] }>('GET', '/credentials?search=dry-known');
    await api.ok('POST', `/credentials/${items[0]?.id ?? ''}/secret`, { password: 'changed since 1' });
    expect(of(await draft(['builtin']), 'dry-wrong')).toMatchObject({
      outcome: 'cannot-tell',
      why: 'secret-not-kept',
      by: 'builtin',
    });
    await open.client.endAsync(true);
  });

  test('names the step that does not exist, and changes nothing', async () => {
    const before = await api.ok('GET', '/chains/default');
    expect((await api.call('POST', '/chains/default/dry-run', { steps: ['nowhere'] })).status).toBe(400);
    expect((await api.call('POST', '/chains/none/dry-run', { steps: [] })).status).toBe(404);
    expect(await api.ok('GET', '/chains/default')).toEqual(before);
  });
});
