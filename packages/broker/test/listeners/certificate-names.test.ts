import { connect, type IConnackPacket } from 'mqtt';
import { describe, expect, test } from 'vitest';
import { certificate } from './support.ts';
import { shown, VerifyingHouse } from './verifying-house.ts';

const house = VerifyingHouse.forThisFile();
const { pki, root, pump, direct } = house;

describe('names from the certificate', () => {
  test.each([
    ['cn', 'pump-8'],
    ['dn', 'CN=pump-8,OU=Hall 3,O=Acme'],
    ['md5', expect.stringMatching(/^[0-9a-f]{32}$/) as string],
    ['crt', expect.stringMatching(/^MII[\w+/]+=*$/) as string],
    ['pem', expect.stringMatching(/^MII[\w+/]+=*$/) as string],
  ] as const)('%s as username wins over that of CONNECT', async (part, username) => {
    const it = await house.start({}, { certificateAsUsername: part });
    await house.connect(it, { ...shown(direct), username: 'somebody-else' });
    expect(it.attempts[0]).toMatchObject({ username, clientId: 'dev-1' });
  });

  test('the CN as client ID wins too, and a client that sent none is told', async () => {
    const it = await house.start({}, { certificateAsClientId: 'cn' });
    const url = `mqtts://127.0.0.1:${it.port}`;
    const client = connect(url, {
      ca: certificate.cert,
      clientId: '',
      protocolVersion: 5,
      ...shown(direct),
    });
    house.clients.push(client);
    const connack = await new Promise<IConnackPacket>((resolve) => {
      client.once('connect', resolve);
    });
    expect(it.attempts[0]).toMatchObject({ clientId: 'pump-8', clientIdAssigned: false });
    expect(connack.properties?.assignedClientIdentifier).toBe('pump-8');
  });

  test('a certificate without that part leaves what CONNECT says', async () => {
    const it = await house.start({}, { certificateAsUsername: 'cn' });
    await house.connect(it, { ...shown(pki.make({ subject: '/O=Acme', issuer: root })), username: 'said' });
    expect(it.attempts[0]).toMatchObject({ username: 'said' });
  });
});

describe('access rules', () => {
  test('${cn} and a rule about a common name speak of the certificate, whatever authenticator admitted its client', async () => {
    const listener = await house.start();
    const rule = { phase: 'before', action: 'publish', who: 'all' } as const;
    listener.broker.applyControlEvent({
      kind: 'access-changed',
      rules: [
        { ...rule, id: 'named', permission: 'deny', who: { cn: 'pump-8' }, topics: ['of/pump-8/locked'] },
        { ...rule, id: 'own', permission: 'allow', topics: ['of/${cn}/#'] },
        { ...rule, id: 'others', permission: 'deny', topics: ['of/#'] },
      ],
    });
    const seven = await house.connect(listener, { ...shown(pump), clientId: 'seven' });
    const eight = await house.connect(listener, { ...shown(direct), clientId: 'eight' });
    const publish = async ({ client }: typeof seven, topic: string): Promise<boolean> => {
      try {
        await client?.publishAsync(topic, 'x', { qos: 1 });
        return true;
      } catch {
        return false;
      }
    };
    expect(await publish(seven, 'of/pump-7/state')).toBe(true);
    expect(await publish(seven, 'of/pump-8/state')).toBe(false);
    expect(await publish(eight, 'of/pump-8/state')).toBe(true);
    expect(await publish(eight, 'of/pump-8/locked')).toBe(false);
  });
});
