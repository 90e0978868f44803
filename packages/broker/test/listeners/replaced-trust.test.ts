import type { MqttClient } from 'mqtt';
import { describe, expect, test } from 'vitest';
import { shown, VerifyingHouse } from './verifying-house.ts';

const house = VerifyingHouse.forThisFile();
const { pki, root, middle, pump, direct } = house;

const closing = (client: MqttClient | undefined): Promise<void> =>
  new Promise((resolve) => {
    client?.once('close', () => {
      resolve();
    });
  });

describe('CAs and lists that are replaced', () => {
  test('a new list ends the session of a certificate that it names, and no other', async () => {
    const trust = house.trust(pki.list(root) + pki.list(middle));
    const it = await house.start({ trust });
    const stays = await house.connect(it, { ...shown(direct), clientId: 'stays' });
    const goes = await house.connect(it, { ...shown(pump), clientId: 'goes' });
    const closed = closing(goes.client);
    pki.revoke(middle, pump);
    trust.replace({ ca: root.cert, crl: pki.list(root) + pki.list(middle) });
    await closed;
    expect((await house.connect(it, { ...shown(pump), clientId: 'goes' })).code).toBe(0x87);
    expect(await it.sink.refusal()).toMatchObject({ reason: 'TLS_CERT_REVOKED', clientId: 'goes' });
    expect(stays.client?.connected).toBe(true);
    await stays.client?.subscribeAsync('still/here');
  });

  test('a CA that is trusted no more takes its sessions with it, and another one brings its own in', async () => {
    const trust = house.trust();
    const it = await house.start({ trust });
    const old = await house.connect(it, shown(direct));
    const other = pki.make({ subject: '/CN=Other root', isAuthority: true });
    const closed = closing(old.client);
    trust.replace({ ca: other.cert, crl: '' });
    await closed;
    expect((await house.connect(it, shown(direct))).code).toBe(0x87);
    expect((await house.connect(it, shown(pki.make({ subject: '/CN=x', issuer: other })))).code).toBe(0);
  });

  test.each([
    ['CAs', { ca: 'no PEM', crl: '' }, /no CA certificate/],
    ['lists', { ca: root.cert, crl: 'no PEM' }, /no revocation list/],
    [
      'a damaged list',
      { ca: root.cert, crl: '-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----' },
      /damaged/,
    ],
  ])('%s that cannot be read are turned down, and those before stay', async (_what, next, message) => {
    const trust = house.trust();
    const it = await house.start({ trust });
    expect(() => {
      trust.replace(next);
    }).toThrow(message);
    expect((await house.connect(it, shown(direct))).code).toBe(0);
  });
});
