import type { ReasonCodeOf } from './codes.ts';
import { inFamily, type ReasonSpec } from './spec.ts';
import { WIRE } from './wire.ts';

const basic = inFamily('basic');

/** Username, client ID and password against the credentials in the store. */
export const BASIC_REASONS: Readonly<Record<ReasonCodeOf<'basic'>, ReasonSpec>> = {
  BASIC_NO_CREDENTIALS: basic({
    title: 'No credentials found',
    cause:
      'No credential goes by what the client calls itself. Most often the device was never registered, its credential was deleted, or its username or client ID is misspelt.',
    example: 'A pump was replaced and announces itself as pump-8, but only pump-7 has a credential.',
    fix: {
      text: 'Create a credential from this attempt, or correct the username or client ID on the device. Upper and lower case count.',
      action: 'create-credential',
    },
    rank: 30,
    connack: WIRE.badCredentials,
    since: '0.1',
  }),
  BASIC_PASSWORD_MISMATCH: basic({
    title: 'Password does not match',
    cause:
      'A credential goes by {username} or {clientId}, but the password that came is not its password. After a rotation the device still has the old one; many different passwords in a row are somebody guessing.',
    example:
      'The secret of pump-7 was reset on Monday, and the device keeps sending the one from its old configuration file.',
    fix: {
      text: 'Put the current secret on the device. If nobody knows it any more, reset it; if it was rotated a moment ago, accept the previous one for a while.',
      action: 'reset-secret',
    },
    rank: 80,
    connack: WIRE.badCredentials,
    since: '0.1',
  }),
  BASIC_PASSWORD_MISSING: basic({
    title: 'No password provided',
    cause:
      'A credential goes by {username} or {clientId} and asks for a password, but the client sent none. An unset variable in a start script is the usual cause.',
    example:
      'A container starts with MQTT_PASSWORD undefined, and its client library leaves the password out of CONNECT.',
    fix: {
      text: 'Set the password on the device. If this credential is meant to admit by its identity alone, mark it as passwordless.',
      action: 'reset-secret',
    },
    rank: 75,
    connack: WIRE.badCredentials,
    since: '0.1',
  }),
  BASIC_CREDENTIALS_UNPARSABLE: basic({
    title: 'Cannot parse basic credentials',
    cause:
      'A credential for this client is in the store, but it cannot be read: its stored hash is in no form that is known, or its record is damaged. The client did nothing wrong.',
    example: 'Credentials were written into the database by a script that stored a truncated bcrypt hash.',
    fix: {
      text: 'Reset the secret of the credential, or import it again with a hash in a supported form.',
      action: 'reset-secret',
    },
    rank: 70,
    connack: WIRE.badCredentials,
    since: '0.1',
  }),
};
