import { X509Certificate } from 'node:crypto';
import { afterAll, describe, expect, test } from 'vitest';
import { alternativeNames, certificateFacts, partOf } from '../../src/listeners/certificate-facts.ts';
import { type PresentedChain, ReadTrust } from '../../src/listeners/client-trust.ts';
import { readRevocationLists } from '../../src/listeners/crl.ts';
import { comparableSerial, readDer, timeOf } from '../../src/listeners/der.ts';
import { ClientPki, inDays } from '../support/client-pki.ts';

const pki = new ClientPki();
const root = pki.make({ subject: '/O=Acme/CN=Root', isAuthority: true });
const leaf = pki.make({
  subject: '/O=Acme, Inc./CN=pump-7',
  issuer: root,
  alternativeNames: 'DNS:a.example,URI:urn:a,email:a@b.example,IP:192.0.2.1',
});
pki.revoke(root, leaf);
const list = pki.list(root);
afterAll(() => {
  pki.remove();
});
const DAY_MS = 86_400_000;

describe('revocation lists', () => {
  test('are read with issuer, end and serial numbers, several in one text', () => {
    const other = pki.make({ subject: '/CN=Other', isAuthority: true });
    const [first, second] = readRevocationLists(`text before\n${list}${pki.list(other, inDays(3))}`);
    expect(first?.serials).toEqual(new Set([comparableSerial(new X509Certificate(leaf.cert).serialNumber)]));
    expect(first?.issuer).toContain('=acme\n');
    expect(second?.serials.size).toBe(0);
    expect(second?.nextUpdate).toBeGreaterThan(Date.now() + 2 * DAY_MS);
  });

  test('cut anywhere or with any byte changed are damaged or other lists, never an exception but ours', () => {
    const base64 = list.replaceAll(/-----[^-]+-----|\n/g, '');
    const der = Buffer.from(base64, 'base64');
    const wrap = (bytes: Buffer) =>
      `-----BEGIN X509 CRL-----\n${bytes.toString('base64')}\n-----END X509 CRL-----`;
    const read = (bytes: Buffer): string => {
      try {
        readRevocationLists(wrap(bytes));
        return 'read';
      } catch (error) {
        return (error as Error).message;
      }
    };
    for (let at = 0; at < der.length; at += 1) {
      expect(read(der.subarray(0, at))).toMatch(/damaged|no revocation list/);
      const changed = Buffer.from(der);
      changed.writeUInt8((changed[at] ?? 0) ^ 0xff, at);
      expect(read(changed)).toMatch(/^read$|damaged/);
    }
  });
});

describe('DER', () => {
  test.each([
    ['a length without end', '3080'],
    ['a length of five bytes', '30850000000001'],
    ['less than it says', '300401'],
    ['a tag alone', '30'],
  ])('%s is none', (_what, hex) => {
    expect(readDer(Buffer.from(hex, 'hex'))).toBeUndefined();
  });

  test.each([
    [0x17, '491231235959Z', Date.UTC(2049, 11, 31, 23, 59, 59)],
    [0x17, '500101000000Z', Date.UTC(1950, 0, 1)],
    [0x18, '20500101000000Z', Date.UTC(2050, 0, 1)],
    [0x17, '2501010000Z', undefined],
    [0x02, '20500101000000Z', undefined],
  ])('time %i %s is %s', (tag, text, ms) => {
    expect(timeOf({ tag, content: Buffer.from(text) })).toBe(ms);
  });
});

describe('facts of a certificate', () => {
  test('are its names, dates and numbers as the rest of the house writes them', () => {
    const facts = certificateFacts(new X509Certificate(leaf.cert));
    expect(facts).toMatchObject({
      subject: 'CN=pump-7,O=Acme\\, Inc.',
      issuer: 'CN=Root,O=Acme',
      commonName: 'pump-7',
      fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      notAfter: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) as string,
      alternativeNames: { dns: ['a.example'], uri: ['urn:a'], email: ['a@b.example'] },
    });
  });

  test('several common names are none', () => {
    const twice = new X509Certificate(pki.make({ subject: '/CN=a/CN=b' }).cert);
    expect(certificateFacts(twice).commonName).toBeUndefined();
    expect(partOf(twice, 'cn')).toBeUndefined();
  });

  test('a name that holds what separates names stays one', () => {
    expect(alternativeNames('DNS:"a, DNS:b", URI:"urn:\\"x\\"", DirName:CN=a, DNS:c')).toEqual({
      dns: ['a, DNS:b', 'c'],
      uri: ['urn:"x"'],
      email: [],
    });
    expect(alternativeNames(undefined)).toEqual({ dns: [], uri: [], email: [] });
  });
});

describe('what is wrong with a chain', () => {
  const trust = new ReadTrust({ ca: root.cert, crl: '' });
  const chainOf = (cert: string, error?: string): PresentedChain => ({
    leaf: new X509Certificate(cert),
    above: [],
    error,
  });

  test('a signature that is not its issuer’s is told apart from an issuer that nobody knows', () => {
    const tampered = Buffer.from(new X509Certificate(leaf.cert).raw);
    tampered.writeUInt8(tampered.readUInt8(tampered.length - 1) ^ 1, tampered.length - 1);
    const chain = { leaf: new X509Certificate(tampered), above: [], error: 'ANY' };
    expect(trust.judge(chain, 10, Date.now())).toMatchObject({
      problem: 'invalid',
      code: 'CERT_SIGNATURE_FAILURE',
    });
    const namesake = pki.make({ subject: '/O=Acme/CN=Root', isAuthority: true });
    const forged = pki.make({ subject: '/CN=pump-7', issuer: namesake });
    expect(trust.judge(chainOf(forged.cert, 'ANY'), 10, Date.now())).toMatchObject({ problem: 'no-path' });
    const stranger = pki.make({
      subject: '/CN=x',
      issuer: pki.make({ subject: '/CN=Y', isAuthority: true }),
    });
    expect(trust.judge(chainOf(stranger.cert, 'CERT_HAS_EXPIRED'), 10, Date.now())).toMatchObject({
      problem: 'no-path',
      code: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    });
  });

  test('what OpenSSL refuses for a cause of its own is refused, whatever else looks well', () => {
    expect(trust.judge(chainOf(leaf.cert, 'PERMITTED_VIOLATION'), 10, Date.now())).toMatchObject({
      verified: false,
      problem: 'invalid',
      code: 'PERMITTED_VIOLATION',
    });
  });

  test('expired is said only where nothing worse is', () => {
    const old = pki.make({ subject: '/CN=o', issuer: root, from: inDays(-9), until: inDays(-1) });
    pki.revoke(root, old);
    const lists = new ReadTrust({ ca: root.cert, crl: pki.list(root) });
    const chain = chainOf(old.cert, 'CERT_HAS_EXPIRED');
    expect(trust.judge(chain, 10, Date.now())).toMatchObject({ problem: 'expired' });
    expect(lists.judge(chain, 10, Date.now())).toMatchObject({ problem: 'revoked' });
    expect(lists.judge(chainOf(old.cert, 'CERT_HAS_EXPIRED'), 10, Date.now() + 99 * DAY_MS)).toMatchObject({
      problem: 'revoked',
    });
  });

  test('lists that need not be there for every CA still refuse: who is in them, and who should be in one that ended', () => {
    const other = pki.make({ subject: '/O=Beta/CN=Root', isAuthority: true });
    const stranger = pki.make({ subject: '/CN=stranger', issuer: other });
    const kept = pki.make({ subject: '/CN=kept', issuer: root });
    const trusted = { ca: root.cert + other.cert, crl: pki.list(root), listedOnly: true };
    const judged = (cert: string, now = Date.now()) =>
      new ReadTrust(trusted).judge(chainOf(cert, undefined), 10, now);
    expect(new ReadTrust(trusted).crls).toEqual([]);
    expect(judged(leaf.cert)).toMatchObject({ problem: 'revoked', code: 'CERT_REVOKED', depth: 0 });
    expect(judged(kept.cert)).toEqual({ verified: true });
    expect(judged(stranger.cert)).toEqual({ verified: true });
    const later = Date.now() + 400 * DAY_MS;
    expect(judged(kept.cert, later)).toMatchObject({ problem: 'crl-unavailable' });
    expect(judged(stranger.cert, later)).toEqual({ verified: true });
  });
});
