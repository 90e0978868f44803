import type { CredentialWithSecretDto } from '@gatehouse/contract';
import { describe, expect, test } from 'vitest';
import { emptyDraft } from '../components/credentials/draft';
import { bodiesOf, canBeSeveral, countOf, numbered } from '../components/credentials/several';
import { sheetOf } from '../components/credentials/several-sheet';

const draft = (names: {
  readonly username?: string;
  readonly clientId?: string;
  readonly name?: string;
}) => ({
  ...emptyDraft({}),
  ...names,
});

describe('several credentials of one form', () => {
  test.each(['', ' ', '0', '201', '500', '1.5', '-3', 'many', '1e9'])(
    'are none when %j was asked for: nothing is made of what cannot be meant',
    (text) => {
      expect(countOf(text)).toBeUndefined();
    },
  );

  test('are as many as was written, up to two hundred', () => {
    expect(['1', '20', ' 7 ', '200'].map(countOf)).toEqual([1, 20, 7, 200]);
  });

  test('are told apart by a number behind each name that is given, with leading zeros', () => {
    const names = numbered(draft({ username: 'installer', clientId: 'tablet' }), 12);
    expect(names.map(({ username, clientId, name }) => [username, clientId, name])).toEqual(
      Array.from({ length: 12 }, (_, index) => {
        const number = String(index + 1).padStart(2, '0');
        return [`installer-${number}`, `tablet-${number}`, ''];
      }),
    );
    expect(numbered(draft({ username: 'a' }), 100).at(-1)?.username).toBe('a-100');
    expect(numbered(draft({ username: 'a' }), 100).at(0)?.username).toBe('a-001');
  });

  test('have the number where {n} stands, and nowhere else', () => {
    const names = numbered(draft({ username: 'team-{n}@site', clientId: 'tablet' }), 2);
    expect(names.map(({ username, clientId }) => [username, clientId])).toEqual([
      ['team-01@site', 'tablet'],
      ['team-02@site', 'tablet'],
    ]);
  });

  test('a single one is named as it was written', () => {
    expect(numbered(draft({ username: 'pump {n}' }), 1)).toEqual([draft({ username: 'pump {n}' })]);
  });

  test('never share a password', () => {
    const bodies = bodiesOf(draft({ username: 'a' }), { kind: 'choose', password: 'one for all' }, 2);
    expect(bodies).toMatchObject([{ username: 'a-01' }, { username: 'a-02' }]);
    expect(JSON.stringify(bodies)).not.toContain('one for all');
  });

  test('are of no certificate: that is one client’s', () => {
    expect(canBeSeveral(emptyDraft({ type: 'x509' }))).toBe(false);
    expect(canBeSeveral(emptyDraft({ type: 'psk' }))).toBe(true);
  });
});

test('the sheet that is handed over is CSV whose cells no spreadsheet runs', () => {
  const made: Pick<
    CredentialWithSecretDto,
    'name' | 'username' | 'clientId' | 'psk' | 'secret' | 'expiresAt'
  > = {
    name: '=1+1',
    username: 'a,"b"',
    clientId: null,
    psk: null,
    secret: 's3cret',
    expiresAt: '2026-11-25T00:00:00.000Z',
  };
  const head =
    '"name","username","client_id","psk_identity","secret","expires","host","port","tls","ca_file"\r\n';
  const device = '"\'=1+1","a,""b""",,,"s3cret","2026-11-25T00:00:00.000Z"';
  const at = { host: 'mqtt.example.com', port: 8883 } as const;
  expect(sheetOf([made], { ...at, security: 'ownCa' })).toBe(
    `${head}${device},"mqtt.example.com","8883","yes","gatehouse-ca.crt"\r\n`,
  );
  expect(sheetOf([made], { ...at, security: 'plain' })).toContain('"8883","no",\r\n');
  expect(sheetOf([{ ...made, psk: { identity: 'valve-1' } }], { ...at, security: 'ownCa' })).toContain(
    '"8883","psk",\r\n',
  );
});
