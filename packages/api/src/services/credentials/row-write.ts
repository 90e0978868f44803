import type { Credential, CredentialIdentity, CredentialWrite, Repositories } from '@gatehouse/ports';
import { msOf } from '../../present/time.ts';
import { rulesFromTopics } from '../../present/topics.ts';
import {
  factsOfRow,
  type ImportRow,
  nameOfRow,
  scramKeysOfRow,
  typeOf,
  usernameOfRow,
} from './import-types.ts';
import { type MadeSecret, type Making, secretFor } from './secret.ts';

const NAME_CHARS_MAX = 200;

/** A row, and what its secret has become. `id` is that of the credential that it makes or changes: a key is sealed for it. */
export interface MadeRow {
  readonly value: ImportRow;
  readonly id: string;
  readonly secret: MadeSecret | null;
}

/** A row without a secret makes a credential without one: it admits nobody until one is set. */
export const secretOfRow = async (ctx: Making, value: ImportRow, id: string): Promise<MadeSecret | null> => {
  const keys = scramKeysOfRow(value);
  if (keys !== undefined) return { hash: keys, format: 'scram', kind: 'imported', plain: undefined };
  const { password, password_hash: passwordHash, psk_key: key } = value;
  return password === undefined && passwordHash === undefined && key === undefined
    ? null
    : secretFor(ctx, typeOf(value), { password, passwordHash, key }, { id });
};

/** Whether the credential of a row is to have a secret, and the row has none; a certificate is one itself. */
export const lacksSecret = (value: ImportRow): boolean =>
  typeOf(value) !== 'x509' &&
  [value.password, value.password_hash, value.psk_key, value.scram_keys].every((one) => one === undefined);

const rulesOf = (ctx: Making, value: ImportRow): CredentialWrite['rules'] =>
  rulesFromTopics(value.publish, value.subscribe) ??
  (value.rules_by_cn === undefined ? ctx.house.config.defaultRules : []);

/** The credential that a row makes. */
export const writeOfRow = (ctx: Making, { id, value, secret }: MadeRow): CredentialWrite => ({
  id,
  facts: factsOfRow(value),
  name: nameOfRow(value).slice(0, NAME_CHARS_MAX),
  username: usernameOfRow(value),
  clientId: value.client_id ?? null,
  secretHash: secret?.hash ?? null,
  hashFormat: secret?.format ?? null,
  secretKind: secret?.kind ?? null,
  passwordless: false,
  superuser: value.superuser ?? false,
  enabled: value.enabled ?? true,
  expiresAt: value.expires_at === undefined ? null : msOf(value.expires_at),
  description: value.description ?? '',
  tags: value.tags ?? [],
  rules: rulesOf(ctx, value),
  source: 'api',
});

/** What the credential of a row is found by. */
export const identityAsked = (value: ImportRow): CredentialIdentity => ({
  facts: factsOfRow(value),
  username: usernameOfRow(value),
  clientId: value.client_id ?? null,
});

/** The credential that has the row's identity. */
export const existingOfRow = async (
  { credentials }: Pick<Repositories, 'credentials'>,
  value: ImportRow,
): Promise<Credential | null> => {
  const [existing = null] = await credentials.findEach([identityAsked(value)]);
  return existing;
};
