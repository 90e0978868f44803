import type { ChainCertificate } from '@gatehouse/auth-core';
import type { TypedFound, TypedQuery, TypedRecord } from '@gatehouse/ports';
import { beforeEach, describe, expect, test } from 'vitest';
import { createStoredCredentials, type StoredCredentials } from '../../src/data/stored-credentials.ts';

const certificate: ChainCertificate = {
  subject: 'CN=pump-1',
  issuer: 'CN=CA',
  commonName: 'pump-1',
  serialNumber: '0A',
  fingerprint: 'cafe'.repeat(16),
  notBefore: '2026-01-01T00:00:00Z',
  notAfter: '2027-01-01T00:00:00Z',
  alternativeNames: { dns: ['Pump.Example'], uri: [], email: [] },
};

const x509 = (id: string, match: Extract<TypedRecord, { version: number }>['match']): TypedRecord => ({
  type: 'x509',
  id,
  version: 1,
  name: id,
  match,
  rules: [],
  rulesByCn: null,
  superuser: false,
  enabled: true,
  expiresAt: null,
  skipValidity: false,
});
const scram = (id: string): TypedRecord => ({
  type: 'scram',
  id,
  credential: { id, unparsable: 'the SCRAM keys are not JSON' },
});

let records: readonly TypedRecord[];
let asked: readonly TypedQuery[];
let stored: StoredCredentials;

/** What the store would answer; no more than this is needed of it. */
const answer = (query: TypedQuery): TypedFound => {
  const isPattern = (record: TypedRecord): boolean =>
    record.type === 'x509' &&
    ('key' in record ? record.key.startsWith('cn_pattern:') : record.match.by === 'cn_pattern');
  const wanted = (record: TypedRecord): boolean =>
    query.by === 'id'
      ? record.id === query.id
      : query.by.startsWith(record.type) && (query.by === 'x509-patterns') === isPattern(record);
  return {
    records: records.filter(wanted),
    ...(query.by === 'x509-patterns' ? { x509: { isEmpty: records.length === 0, byCommonName: true } } : {}),
  };
};

beforeEach(() => {
  records = [];
  asked = [];
  stored = createStoredCredentials({
    lookup: (queries) => {
      asked = [...asked, ...queries];
      return Promise.resolve(queries.map(answer));
    },
    clock: { monotonic: () => 0 },
  });
});

const change = (type: 'x509' | 'scram', id: string) =>
  stored.changed([{ id, type, username: null, clientId: null, disconnect: false }]);

describe('credentials for certificates', () => {
  test('are asked for by every name of a certificate, hosts without case', async () => {
    await stored.x509.find([certificate]);
    expect(asked).toContainEqual({
      by: 'x509-keys',
      keys: [
        `fingerprint:${'cafe'.repeat(16)}`,
        'issuer_serial:A:CN=CA',
        'cn:pump-1',
        'san_dns:pump.example',
      ],
    });
  });

  test('a pattern speaks for the whole common name, and for no other', async () => {
    records = [
      x509('whole', { by: 'cn_pattern', pattern: 'pump-[0-9]' }),
      x509('part', { by: 'cn_pattern', pattern: 'pump' }),
      x509('none', { by: 'cn_pattern', pattern: '(' }),
    ];
    const found = await stored.x509.find([certificate]);
    expect(found).toMatchObject({ matches: [{ depth: 0, credential: { id: 'whole', isStored: true } }] });
  });

  test('a record that cannot be read is told of, unless its pattern is about others', async () => {
    records = [
      { type: 'x509', id: 'mine', unparsable: 'broken', key: 'cn:pump-1' },
      { type: 'x509', id: 'mine-too', unparsable: 'broken', key: 'cn_pattern:pump-.*' },
      { type: 'x509', id: 'theirs', unparsable: 'broken', key: 'cn_pattern:valve-.*' },
    ];
    const found = await stored.x509.find([certificate]);
    expect(found).toMatchObject({ matches: [], unparsable: [{ id: 'mine' }, { id: 'mine-too' }] });
  });

  test('an answer is kept until any of them changes: a new one may speak for the same certificate', async () => {
    records = [x509('one', { by: 'cn', value: 'pump-1' })];
    await stored.x509.find([certificate]);
    const count = asked.length;
    await stored.x509.find([certificate]);
    change('scram', 'other');
    await stored.x509.find([certificate]);
    expect(asked.length).toBe(count);
    records = [...records, x509('two', { by: 'fingerprint', value: certificate.fingerprint })];
    change('x509', 'two');
    expect(await stored.x509.find([certificate])).toMatchObject({
      matches: [{ credential: { id: 'two' } }, { credential: { id: 'one' } }],
    });
  });
});

test('a credential of SCRAM is found, and what cannot be read says so', async () => {
  expect(await stored.scram.find('user')).toBeUndefined();
  records = [scram('s1')];
  change('scram', 's1');
  expect(await stored.scram.find('user')).toEqual({ id: 's1', unparsable: 'the SCRAM keys are not JSON' });
  expect(await stored.byId('s1')).toBeUndefined();
});

test('a store that cannot be asked is never taken for one without credentials', async () => {
  const broken = createStoredCredentials({
    lookup: () => Promise.reject(new Error('gone')),
    clock: { monotonic: () => 0 },
  });
  expect(await broken.x509.find([certificate])).toBe('unavailable');
  expect(await broken.scram.find('user')).toBe('unavailable');
  expect(await broken.psk.find('identity')).toBe('unavailable');
});
