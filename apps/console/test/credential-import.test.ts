import { API_LIMITS, importQuery, importRow, type CredentialDto } from '@gatehouse/contract';
import { describe, expect, test } from 'vitest';
import { cloneDraft, toClone } from '../components/credentials/draft.ts';
import {
  CSV_EXAMPLE,
  IMPORT_BYTES_MAX,
  IMPORT_ROWS_MAX,
  isSendable,
  JSON_EXAMPLE,
  mediaTypeOf,
  ON_EXISTING,
  pasted,
  readImport,
} from '../components/credentials/import/import-text.ts';
import { cutErrors } from '../components/credentials/import/row-errors.ts';

describe('a file to import', () => {
  test('its bounds and choices are those of the API', () => {
    expect([IMPORT_BYTES_MAX, IMPORT_ROWS_MAX]).toEqual([
      API_LIMITS.importBodyBytesMax,
      API_LIMITS.importRowsMax,
    ]);
    for (const onExisting of ON_EXISTING) expect(importQuery.safeParse({ onExisting }).success).toBe(true);
  });

  test('is read as UTF-8, with or without a byte order mark', async () => {
    expect(await readImport(new Blob(['\uFEFFusername\nzoë\n']))).toEqual({ text: 'username\nzoë\n' });
  });

  test.each([
    ['nothing but blanks', new Blob([' \r\n']), 'empty'],
    ['Latin-1', new Blob([Uint8Array.of(0x7a, 0xeb)]), 'not-utf8'],
    ['UTF-16', new Blob([Uint8Array.of(0xff, 0xfe, 0x61, 0x00)]), 'not-utf8'],
    ['a byte too many', new Blob([new Uint8Array(IMPORT_BYTES_MAX + 1)]), 'too-large'],
  ])('of %s is refused in words', async (_, file, fault) => {
    expect(await readImport(file)).toBe(fault);
  });

  test('is measured in bytes, not in characters', () => {
    expect(pasted('zoë').bytes).toBe(4);
    expect(isSendable({ name: null, text: 'a', bytes: IMPORT_BYTES_MAX + 1 })).toBe(false);
    expect(isSendable(pasted(' \n'))).toBe(false);
    expect(isSendable(pasted('a'))).toBe(true);
  });

  test.each([
    [CSV_EXAMPLE, 'text/csv'],
    ['name,username\n[a],b\n', 'text/csv'],
    [JSON_EXAMPLE, 'application/json'],
    ['\uFEFF\n [{}]', 'application/json'],
    ['{}', 'application/json'],
  ])('%j is sent as what it is', (text, type) => {
    expect(mediaTypeOf(text)).toBe(type);
  });

  test('the examples hold columns that an import has', () => {
    for (const column of CSV_EXAMPLE.split('\n')[0]?.split(',') ?? [])
      expect(importRow.shape).toHaveProperty(column);
    for (const row of JSON.parse(JSON_EXAMPLE) as unknown[])
      expect(importRow.safeParse(row).success).toBe(true);
  });
});

describe('the errors of an import', () => {
  const errors = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ row: count - index, field: 'username', message: 'm' }));

  test('stand by row, the first 200 of them, with how many more there are', () => {
    const { shown, more, orMore } = cutErrors(errors(250));
    expect(shown.map(({ row }) => row)).toEqual(Array.from({ length: 200 }, (_, index) => index + 1));
    expect({ more, orMore }).toEqual({ more: 50, orMore: false });
    expect(cutErrors(errors(2))).toMatchObject({ more: 0, orMore: false });
  });

  test('may be more than the API tells in one answer', () => {
    expect(cutErrors(errors(1_000))).toMatchObject({ more: 800, orMore: true });
  });
});

describe('a clone', () => {
  const original: CredentialDto = {
    id: 'c1',
    version: 3,
    type: 'x509',
    name: 'Valves',
    username: null,
    clientId: null,
    passwordless: false,
    superuser: true,
    enabled: false,
    expiresAt: '2030-01-01T00:00:00.000Z',
    description: 'In the north',
    tags: ['a', 'b'],
    rules: [{ permission: 'allow', action: 'all', topic: '#' }],
    x509: {
      match: { by: 'issuer_serial', issuer: 'CN=Acme', serial: '0a' },
      rulesByCn: [{ pattern: 'v.*', rules: [{ permission: 'deny', action: 'publish', topic: 'x' }] }],
      skipValidity: true,
    },
    scram: null,
    psk: null,
    hasSecret: false,
    hashFormat: null,
    secretKind: null,
    previousSecretValidUntil: null,
    secretChangedAt: null,
    createdAt: '2026-01-01T00:00:00.000Z',
    updatedAt: '2026-01-01T00:00:00.000Z',
    lastUsedAt: null,
    lastUsedIp: null,
    liveSessions: 0,
    source: 'file',
  };

  test('has all of the original but its name, its identity and its secret', () => {
    const draft = { ...cloneDraft(original), value: 'CN=Acme', serial: '0b' };
    expect(cloneDraft(original)).toMatchObject({ name: '', value: '', serial: '' });
    expect(toClone(draft, { kind: 'generate' }, original)).toEqual({
      type: 'x509',
      superuser: true,
      enabled: false,
      expiresAt: '2030-01-01T00:00:00.000Z',
      description: 'In the north',
      tags: ['a', 'b'],
      rules: original.rules,
      match: { by: 'issuer_serial', issuer: 'CN=Acme', serial: '0b' },
      rulesByCn: original.x509?.rulesByCn,
      skipValidity: true,
    });
  });

  test('of a key says the rules that the server would choose, and neither identity nor key', () => {
    const psk = cloneDraft({ ...original, type: 'psk', x509: null, psk: { identity: 'meter-1' } });
    expect(psk.identity).toBe('');
    expect(toClone({ ...psk, identity: 'meter-2' }, { kind: 'generate' }, { enabled: true })).toMatchObject({
      type: 'psk',
      identity: 'meter-2',
      enabled: true,
      rules: original.rules,
    });
  });
});
