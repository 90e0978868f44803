import type { CredentialWithSecretDto } from '@gatehouse/contract';
import { csvLine } from '@gatehouse/contract/csv';
import { CA_FILE, type Target } from '@/lib/connect/targets';

type Handed = Pick<
  CredentialWithSecretDto,
  'name' | 'username' | 'clientId' | 'psk' | 'secret' | 'expiresAt'
>;

const HEAD = [
  'name',
  'username',
  'client_id',
  'psk_identity',
  'secret',
  'expires',
  'host',
  'port',
  'tls',
  'ca_file',
];

/** A sheet to hand over, by RFC 4180, with the secrets in it and where they are good for. */
export const sheetOf = (made: readonly Handed[], { host, port, security }: Target): string =>
  [
    csvLine(HEAD),
    ...made.map(({ name, username, clientId, psk, secret, expiresAt }) => {
      const tls = psk === null ? (security === 'plain' ? 'no' : 'yes') : 'psk';
      const caFile = psk === null && security === 'ownCa' ? CA_FILE : null;
      const device = [name, username, clientId, psk?.identity ?? null, secret ?? null, expiresAt];
      return csvLine([...device, host, String(port), tls, caFile]);
    }),
  ].join('');
