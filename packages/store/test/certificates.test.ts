import { type CertificateFilter, type CertificateWrite, EXPIRING_MS } from '@gatehouse/ports';
import { expect, test } from 'vitest';
import { describeStores } from './support/stores.ts';

const NOW = 1_790_000_000_000;
const DAY_MS = 86_400_000;

const write = (serial: string, more: Partial<CertificateWrite> = {}): CertificateWrite => ({
  serial,
  authority: 'a'.repeat(64),
  fingerprint: serial.toLowerCase().padStart(64, '0'),
  commonName: `cn-${serial}`,
  names: ['pump.example', 'spiffe://acme/pump'],
  purpose: 'client',
  notBefore: NOW - DAY_MS,
  notAfter: NOW + 300 * DAY_MS,
  keyOrigin: 'server',
  createdAt: NOW,
  createdBy: 'Ada',
  replaces: null,
  pem: 'PEM',
  ...more,
});

describeStores('certificates', (subject) => {
  const add = (serial: string, more?: Partial<CertificateWrite>) =>
    subject().store.certificates.add(write(serial, more));
  const serials = async (filter: CertificateFilter): Promise<readonly string[]> => {
    const sort = { field: 'commonName', direction: 'asc' } as const;
    const { items } = await subject().store.certificates.page(filter, { limit: 100, sort });
    return items.map(({ serial }) => serial);
  };

  test('a certificate is kept whole, also after a restart', async () => {
    const made = await add('4A01');
    expect(made).toEqual({
      ...write('4A01'),
      version: 1,
      replacedBy: null,
      revokedAt: null,
      revocationReason: null,
      revokedBy: null,
    });
    const store = await subject().reopen();
    expect(await store.certificates.get('4A01')).toEqual(made);
    expect(await store.certificates.get('4A02')).toBeNull();
  });

  test('one that renews another is known by both', async () => {
    await add('4B01');
    await add('4B02', { replaces: '4B01' });
    expect(await subject().store.certificates.get('4B01')).toMatchObject({ replacedBy: '4B02', version: 2 });
    expect(await subject().store.certificates.get('4B02')).toMatchObject({ replaces: '4B01', version: 1 });
  });

  test('a revocation happens once, and only to the version that was seen', async () => {
    await add('4C01');
    const { certificates } = subject().store;
    const entry = { serial: '4C01', at: NOW, reason: 'keyCompromise', by: 'Anna' } as const;
    expect(await certificates.revoke({ ...entry, serial: 'NONE' }, undefined)).toEqual({
      result: 'not-found',
    });
    expect(await certificates.revoke(entry, 2)).toMatchObject({ result: 'version-mismatch' });
    expect(await certificates.revoke(entry, 1)).toMatchObject({
      result: 'ok',
      certificate: { revokedAt: NOW, revocationReason: 'keyCompromise', revokedBy: 'Anna', version: 2 },
    });
    expect(await certificates.revoke(entry, undefined)).toMatchObject({ result: 'revoked-already' });
  });

  test("a CA's list names its own that are revoked, until a day after their end", async () => {
    const authority = 'b'.repeat(64);
    await add('4D01', { authority });
    await add('4D02', { authority });
    await add('4D03', { authority, notAfter: NOW - 2 * DAY_MS });
    await add('4D04', { authority: 'c'.repeat(64) });
    const { certificates } = subject().store;
    for (const serial of ['4D02', '4D03', '4D04']) {
      await certificates.revoke({ serial, at: NOW, reason: 'superseded', by: 'Anna' }, undefined);
    }
    expect(await certificates.revokedOf(authority, NOW)).toEqual([
      { serial: '4D02', at: NOW, reason: 'superseded' },
    ]);
  });

  test('lists find by every name whatever the case, by purpose, and by state', async () => {
    await add('4E01', { commonName: 'Pump 100%', names: ['Hall3.example'], purpose: 'server' });
    await add('4E02', { notAfter: NOW + EXPIRING_MS / 2, createdBy: 'state' });
    await add('4E03', { notAfter: NOW - DAY_MS });
    expect(await serials({ search: 'pump 100%' })).toEqual(['4E01']);
    expect(await serials({ search: 'hall3' })).toEqual(['4E01']);
    expect(await serials({ search: '4e01' })).toEqual(['4E01']);
    expect(await serials({ search: 'pump%example' })).toEqual([]);
    expect(await serials({ purpose: 'server' })).toEqual(['4E01']);
    expect(await serials({ state: 'expiring' })).toEqual(['4E02']);
    expect(await serials({ state: 'expired' })).toEqual(['4E03']);
    expect(await serials({ state: 'valid' })).not.toContain('4E03');
    expect(await serials({ state: 'revoked' })).toEqual(['4C01', '4D02', '4D03', '4D04']);
  });

  test.each(['createdAt', 'commonName', 'notAfter'] as const)(
    'pages by %s tell every certificate once',
    async (field) => {
      await add(`4F${field.length.toString(16)}0`.toUpperCase());
      const { certificates } = subject().store;
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const found = await certificates.page({}, { limit: 3, cursor, sort: { field, direction: 'desc' } });
        seen.push(...found.items.map(({ serial }) => serial));
        cursor = found.next ?? undefined;
      } while (cursor !== undefined);
      expect(new Set(seen).size).toBe(seen.length);
      expect(seen.length).toBe((await serials({})).length);
    },
  );
});
