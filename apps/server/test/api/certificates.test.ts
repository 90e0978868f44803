import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CertificateAuthorityDto, IssuedCertificateDto, NewCertificateDto } from '@gatehouse/contract';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { codeOf, fieldsOf, type Harness, startHarness } from './support/harness.ts';

let house: Harness;
let home: string;
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'gatehouse-certificates-'));
  house = await startHarness({ set: ['listeners.tls.verify=verify_peer', 'listeners.wss.enabled=false'] });
});
afterAll(async () => {
  await house.close();
  rmSync(home, { recursive: true, force: true });
});
afterEach(() => {
  house.plane.events.length = 0;
});

const BASE = '/api/v1/certificates';
const send = (
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  payload?: object,
  headers: Readonly<Record<string, string>> = {},
) =>
  house.send({
    method,
    url: `${BASE}${path}`,
    headers: { ...house.owner, ...headers },
    ...(payload === undefined ? {} : { payload }),
  });
const issue = async (body: object): Promise<NewCertificateDto> => {
  const made = await send('POST', '', body);
  expect(made.statusCode, made.body).toBe(201);
  return made.json<NewCertificateDto>();
};
const lastAudit = async () => {
  const page = await house.store.audit.page({}, { limit: 1, sort: { field: 'at', direction: 'desc' } });
  return page.items[0];
};
const file = (name: string, content: string | Buffer): string => {
  writeFileSync(join(home, name), content);
  return join(home, name);
};
const openssl = (...args: readonly string[]): string => execFileSync('openssl', args, { encoding: 'utf8' });
const requestFor = (name: string): string => {
  const key = join(home, `${name}.key`);
  openssl('genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', key);
  return openssl(
    'req',
    '-new',
    '-key',
    key,
    '-subj',
    `/CN=${name}`,
    '-addext',
    'subjectAltName=DNS:hall.example',
  );
};

describe('issuing', () => {
  it('answers certificate, key and PKCS#12 once; what is kept, listed and audited holds no key', async () => {
    const made = await issue({
      commonName: 'pump-7',
      names: ['pump.example', '10.0.0.7'],
      days: 9,
      pkcs12: true,
    });
    expect(made).toMatchObject({
      commonName: 'pump-7',
      names: ['pump.example', '10.0.0.7'],
      purpose: 'client',
      state: 'expiring',
      keyOrigin: 'server',
      ofCurrentCa: true,
      servedBy: [],
    });
    const certificate = new X509Certificate(made.certificate);
    expect(certificate.serialNumber).toBe(made.id);
    expect(certificate.verify(new X509Certificate(made.ca).publicKey)).toBe(true);
    const p12 = file('pump.p12', Buffer.from(made.pkcs12 ?? '', 'base64'));
    const opened = openssl('pkcs12', '-in', p12, '-nodes', '-passin', `pass:${made.pkcs12Password ?? ''}`);
    expect(opened).toContain('BEGIN PRIVATE KEY');

    const kept = [
      (await send('GET', `/${made.id}`)).body,
      (await send('GET', '')).body,
      (await send('GET', `/${made.id}/certificate.pem`)).body,
      JSON.stringify(await house.store.certificates.get(made.id)),
      JSON.stringify(await lastAudit()),
      ...house.logged,
    ].join('\n');
    expect(kept).not.toMatch(/PRIVATE KEY|pkcs12Password/);
    expect(await lastAudit()).toMatchObject({
      action: 'certificate.issue',
      target: { kind: 'certificate', id: made.id, name: 'pump-7' },
      after: { fingerprint: made.fingerprint },
    });
  });

  it("signs a request: the names are the request's, and there is no key to tell", async () => {
    const made = await issue({ request: requestFor('sensor-1') });
    expect(made).toMatchObject({ commonName: 'sensor-1', names: ['hall.example'], keyOrigin: 'requester' });
    expect(made.privateKey).toBeUndefined();
    const key = openssl('pkey', '-in', join(home, 'sensor-1.key'), '-pubout');
    expect(new X509Certificate(made.certificate).publicKey.export({ type: 'spki', format: 'pem' })).toBe(key);
  });

  it.each([
    ['nobody', {}, 'commonName'],
    ['a control character', { commonName: 'a\u0000b' }, 'names'],
    ['a name that is none', { commonName: 'x', names: ['no name'] }, 'names'],
    ['a request that is none', { request: 'x' }, 'request'],
    ['a PKCS#12 without key', { commonName: 'x', request: 'x', pkcs12: true }, 'pkcs12'],
    ['a hundred years', { commonName: 'x', days: 36_500 }, 'days'],
  ])('refuses %s by its field, and issues nothing', async (_what, body, field) => {
    const before = (await send('GET', '')).json<{ total: number }>().total;
    const refused = await send('POST', '', body);
    expect(refused.statusCode).toBe(400);
    expect(fieldsOf(refused)).toContain(field);
    expect((await send('GET', '')).json<{ total: number }>().total).toBe(before);
  });

  it('issues once for one Idempotency-Key', async () => {
    const twice = async () =>
      (await send('POST', '', { commonName: 'once' }, { 'idempotency-key': 'k1' })).json<NewCertificateDto>();
    expect((await twice()).id).toBe((await twice()).id);
  });

  it('is for admins, reading for viewers', async () => {
    const operator = await house.key('operator');
    const refused = await house.send({
      method: 'POST',
      url: BASE,
      headers: operator,
      payload: { commonName: 'x' },
    });
    expect(refused.statusCode).toBe(403);
    const viewer = await house.key('viewer');
    expect((await house.send({ method: 'GET', url: BASE, headers: viewer })).statusCode).toBe(200);
  });
});

describe('renewing', () => {
  it('keeps the names, links both, and leaves the old one valid', async () => {
    const old = await issue({ commonName: 'renewed', names: ['a.example'], days: 5 });
    const made = (await send('POST', `/${old.id}/renew`, { days: 100 })).json<NewCertificateDto>();
    expect(made).toMatchObject({
      commonName: 'renewed',
      names: ['a.example'],
      replaces: old.id,
      state: 'valid',
    });
    expect(made.privateKey).toContain('PRIVATE KEY');
    const after = (await send('GET', `/${old.id}`)).json<IssuedCertificateDto>();
    expect(after).toMatchObject({ replacedBy: made.id, revokedAt: null });
  });

  it('takes the same key, or that of a request, and can revoke the old one at once', async () => {
    const old = await issue({ request: requestFor('keeper') });
    const same = (await send('POST', `/${old.id}/renew`, { key: 'same' })).json<NewCertificateDto>();
    const keyOf = (pem: string) => new X509Certificate(pem).publicKey.export({ type: 'spki', format: 'pem' });
    expect([same.privateKey, keyOf(same.certificate)]).toEqual([undefined, keyOf(old.certificate)]);
    const request = requestFor('other');
    const asked = await send('POST', `/${same.id}/renew`, { key: 'request', request, revokeReplaced: true });
    expect(asked.json()).toMatchObject({ commonName: 'keeper', keyOrigin: 'requester' });
    expect((await send('GET', `/${same.id}`)).json()).toMatchObject({
      state: 'revoked',
      revocationReason: 'superseded',
    });
    expect(house.plane.events).toEqual([{ kind: 'trust-changed' }]);
    expect((await send('POST', `/${same.id}/renew`, {})).statusCode).toBe(409);
  });
});

describe('revoking', () => {
  it('puts the certificate into the list, tells the data plane, is audited, and happens once', async () => {
    const { id, certificate, version } = await issue({ commonName: 'stolen' });
    const revoke = (headers = {}) => send('POST', `/${id}/revoke`, { reason: 'keyCompromise' }, headers);
    expect((await revoke({ 'if-match': '"7"' })).statusCode).toBe(412);
    const revoked = await revoke({ 'if-match': `"${String(version)}"` });
    expect(revoked.json()).toMatchObject({
      state: 'revoked',
      revocationReason: 'keyCompromise',
      revokedBy: 'Ada Owner',
    });
    expect(house.plane.events).toEqual([{ kind: 'trust-changed' }]);
    expect(await lastAudit()).toMatchObject({ action: 'certificate.revoke', target: { id } });
    const der = file('list.crl', (await send('GET', '/crl.der')).rawPayload);
    expect(openssl('crl', '-inform', 'DER', '-in', der, '-noout', '-text')).toContain(id);
    const ca = file('ca.pem', (await send('GET', '/ca.pem')).body);
    const list = file('list.pem', (await send('GET', '/crl.pem')).body);
    const leaf = file('leaf.pem', certificate);
    const verify = () => openssl('verify', '-crl_check', '-CAfile', ca, '-CRLfile', list, leaf);
    expect(verify).toThrow(/revoked/);
    expect((await revoke()).statusCode).toBe(409);
    expect(codeOf(await send('POST', '/ABCD/revoke', {}))).toBe('not-found');
  });
});

describe('the list', () => {
  it('is filtered by state, purpose and search, sorted, and paged without losing any', async () => {
    await issue({ commonName: 'broker.example', purpose: 'server', names: ['broker.example'] });
    const names = async (query: string): Promise<string[]> =>
      (await send('GET', `?${query}`))
        .json<{ items: IssuedCertificateDto[] }>()
        .items.map((one) => one.commonName);
    expect(await names('purpose=server')).toEqual(['broker.example']);
    expect(await names('search=PUMP')).toEqual(['pump-7']);
    expect(await names('state=revoked&search=stolen')).toEqual(['stolen']);
    const first = (await send('GET', '?limit=2&sort=commonName')).json<{ items: unknown[]; next: string }>();
    const second = await send('GET', `?limit=2&sort=commonName&cursor=${first.next}`);
    expect([first.items.length, second.statusCode]).toEqual([2, 200]);
    expect((await send('GET', `?limit=2&cursor=${first.next}`)).statusCode).toBe(400);
  });
});

describe('the authority', () => {
  const authority = async () => (await send('GET', '/authority')).json<CertificateAuthorityDto>();

  it('tells the CA, the end of its list, and that the listener trusts it', async () => {
    const { ca, crl, listeners } = await authority();
    expect(ca?.subject).toContain('Gatehouse CA');
    expect(crl).toMatchObject({ expired: false });
    expect(listeners).toMatchObject([
      { listener: 'tls', clients: { managed: true, trustsOwnCa: true, authoritiesCount: 1, problem: null } },
    ]);
  });

  it('trusts another root CA until it is told otherwise, and no certificate that is none', async () => {
    const args = [
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      join(home, 'k'),
      '-subj',
      '/CN=Other',
    ];
    const root = openssl(...args);
    const added = await send('POST', '/trusted', { certificate: root });
    expect(added.statusCode, added.body).toBe(201);
    const { fingerprint } = added.json<{ fingerprint: string }>();
    expect(house.plane.events).toEqual([{ kind: 'trust-changed' }]);
    expect((await send('POST', '/trusted', { certificate: root })).statusCode).toBe(409);
    expect(await authority()).toMatchObject({
      listeners: [{ clients: { authoritiesCount: 2 } }],
      trusted: [{ subject: 'CN=Other' }],
    });
    expect(await lastAudit()).toMatchObject({ action: 'ca.trust', target: { name: 'CN=Other' } });
    expect((await send('DELETE', `/trusted/${fingerprint}`)).statusCode).toBe(204);
    expect((await authority()).trusted).toEqual([]);

    const leaf = await issue({ commonName: 'no-ca' });
    const refused = await send('POST', '/trusted', { certificate: leaf.certificate });
    expect([refused.statusCode, fieldsOf(refused)]).toEqual([400, ['certificate']]);
  });
});
