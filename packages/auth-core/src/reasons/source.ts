import type { ReasonCodeOf } from './codes.ts';
import { inFamily, type ReasonSpec } from './spec.ts';
import { WIRE } from './wire.ts';

const source = inFamily('source');

/** External databases: MySQL, PostgreSQL, Redis, MongoDB. */
export const SOURCE_REASONS: Readonly<Record<ReasonCodeOf<'source'>, ReasonSpec>> = {
  SOURCE_NO_RECORD: source({
    title: 'No record in the database',
    cause: 'The query of {authenticator} found no record for this client.',
    example: 'The device is registered in another database, or its name is written in capitals there.',
    fix: {
      text: 'Add the record, or try the query with this client in the tester to see what it asks for.',
      action: 'open-in-tester',
    },
    rank: 30,
    connack: WIRE.badCredentials,
    since: '0.1',
  }),
  SOURCE_PASSWORD_MISMATCH: source({
    title: 'Password does not match record',
    cause:
      'The database has a record for this client, but its password is another one, or it was hashed by another rule than {authenticator} is set to.',
    example: 'The table holds salt + password, and the authenticator is set to password + salt.',
    fix: {
      text: 'Try the client in the tester: it says whether another hash rule would match. Otherwise correct the password.',
      action: 'open-in-tester',
    },
    rank: 80,
    connack: WIRE.badCredentials,
    since: '0.1',
  }),
  SOURCE_PASSWORD_MISSING: source({
    title: 'No password for database record',
    cause: 'The database has a record for this client, but the client sent no password.',
    example: 'A device that used to be admitted by its client ID alone was moved into the table.',
    fix: { text: 'Set the password on the device.', action: 'none' },
    rank: 75,
    connack: WIRE.badCredentials,
    since: '0.1',
  }),
  SOURCE_SALT_MISSING: source({
    title: 'Salt missing in record',
    cause: 'The hash rule of {authenticator} needs a salt, and the record came back without one.',
    example: 'The query selects the column “password” but not “salt”.',
    fix: {
      text: 'Select the salt in the query, or set the rule to a hash without salt.',
      action: 'edit-authenticator',
    },
    rank: 70,
    connack: WIRE.badCredentials,
    since: '0.1',
  }),
  SOURCE_SALT_UNEXPECTED: source({
    title: 'Unexpected salt in record',
    cause:
      'The record has a salt, but the hash rule of {authenticator} uses none: the password cannot match.',
    example: 'The rule was left at “sha256” when the application began to salt its passwords.',
    fix: {
      text: 'Set the rule to the salt’s position, before or after the password.',
      action: 'edit-authenticator',
    },
    rank: 70,
    connack: WIRE.badCredentials,
    since: '0.1',
  }),
  SOURCE_HASH_INVALID: source({
    title: 'Stored hash is not valid',
    cause:
      'The stored password is not what the hash rule of {authenticator} produces: wrong length, not hexadecimal, or empty.',
    example: 'The table holds bcrypt hashes, and the rule says sha256.',
    fix: {
      text: 'Set the hash rule to what the table holds; the detail says what it looks like.',
      action: 'edit-authenticator',
    },
    rank: 70,
    connack: WIRE.badCredentials,
    since: '0.1',
  }),
  SOURCE_BAD_RESULT: source({
    title: 'Database answered unexpectedly',
    cause:
      'The query of {authenticator} gave a result that cannot be used: no password column, several records, or a value of the wrong type.',
    example: 'The column is called “pwd”, and the query does not rename it to “password”.',
    fix: {
      text: 'Correct the query; the detail lists the columns that came back.',
      action: 'edit-authenticator',
    },
    rank: 60,
    connack: WIRE.backendError,
    since: '0.1',
  }),
  SOURCE_TIMEOUT: source({
    title: 'Database took too long',
    cause: 'The database behind {authenticator} did not answer in time. The client did nothing wrong.',
    example: 'The column in the query’s condition has no index, and the table has grown.',
    fix: {
      text: 'Look at the query’s plan and the authenticator’s status, or raise the time limit.',
      action: 'edit-authenticator',
    },
    rank: 60,
    connack: WIRE.backendError,
    since: '0.1',
  }),
  SOURCE_UNREACHABLE: source({
    title: 'Database not reachable',
    cause:
      'No connection to the database behind {authenticator} could be made. The client did nothing wrong.',
    example: 'The password of the database account was changed.',
    fix: {
      text: 'Check address, account and TLS settings; the authenticator’s status shows the last error.',
      action: 'edit-authenticator',
    },
    rank: 60,
    connack: WIRE.backendError,
    since: '0.1',
  }),
};
