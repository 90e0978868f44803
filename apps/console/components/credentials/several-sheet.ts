import type { CredentialWithSecretDto } from '@gatehouse/contract';
import { csvLine } from '@gatehouse/contract/csv';

type Handed = Pick<
  CredentialWithSecretDto,
  'name' | 'username' | 'clientId' | 'psk' | 'secret' | 'expiresAt'
>;

/** A sheet to hand over, by RFC 4180, with the secrets in it. */
export const sheetOf = (made: readonly Handed[]): string =>
  [
    csvLine(['name', 'username', 'client_id', 'psk_identity', 'secret', 'expires']),
    ...made.map(({ name, username, clientId, psk, secret, expiresAt }) =>
      csvLine([name, username, clientId, psk?.identity ?? null, secret ?? null, expiresAt]),
    ),
  ].join('');
