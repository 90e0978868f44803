import type { ReasonCodeOf } from './codes.ts';
import { inFamily, type ReasonSpec } from './spec.ts';
import { WIRE } from './wire.ts';

const ldap = inFamily('ldap');

/** Directories. */
export const LDAP_REASONS: Readonly<Record<ReasonCodeOf<'ldap'>, ReasonSpec>> = {
  LDAP_NO_ENTRY: ldap({
    title: 'No entry in the directory',
    cause: 'The search of {authenticator} found no entry for this client.',
    example: 'The device’s entry is in another branch than the configured base.',
    fix: {
      text: 'Add the entry, or correct base and filter; the tester shows the search as it is sent.',
      action: 'open-in-tester',
    },
    rank: 30,
    connack: WIRE.badCredentials,
    since: '0.1',
  }),
  LDAP_BIND_REJECTED: ldap({
    title: 'Directory rejected the login',
    cause:
      'The client’s entry was found, but the directory did not accept a login as it with the client’s password.',
    example: 'The password has expired by the directory’s own policy.',
    fix: { text: 'Reset the password in the directory; its log says more than it tells us.', action: 'none' },
    rank: 80,
    connack: WIRE.badCredentials,
    since: '0.1',
  }),
  LDAP_PASSWORD_MISMATCH: ldap({
    title: 'Password does not match directory',
    cause: 'The client’s entry was found, but its stored password is another one.',
    example: 'The device was given the password of its neighbour.',
    fix: { text: 'Correct the password on the device, or set a new one in the directory.', action: 'none' },
    rank: 80,
    connack: WIRE.badCredentials,
    since: '0.1',
  }),
  LDAP_PASSWORD_MISSING: ldap({
    title: 'No password for directory entry',
    cause:
      'The client’s entry was found, but the client sent no password or an empty one. An empty password is never tried: directories take it for an anonymous login.',
    example: 'A start script passes an unset variable as the password.',
    fix: { text: 'Set the password on the device.', action: 'none' },
    rank: 75,
    connack: WIRE.badCredentials,
    since: '0.1',
  }),
  LDAP_ACCOUNT_DISABLED: ldap({
    title: 'Directory account is disabled',
    cause: 'The client’s entry says that it is not enabled.',
    example: 'The attribute isEnabled was set to FALSE when the device went out of service.',
    fix: { text: 'Enable the account in the directory if the device is in service.', action: 'none' },
    rank: 85,
    connack: WIRE.badCredentials,
    since: '0.1',
  }),
  LDAP_HASH_MISSING: ldap({
    title: 'No password in the directory',
    cause: 'The directory has an entry for the client, but no password in it that {authenticator} may read.',
    example: 'The account that searches may not read userPassword, as OpenLDAP has it by default.',
    fix: {
      text: 'Store a password with the entry, let the account that searches read the attribute, or let the authenticator log in as the client.',
      action: 'edit-authenticator',
    },
    rank: 70,
    connack: WIRE.badCredentials,
    since: '0.1',
  }),
  LDAP_HASH_INVALID: ldap({
    title: 'Directory password form not understood',
    cause: 'The entry’s password attribute is in no scheme that is known, or is damaged.',
    example: 'The attribute holds the password in the clear, without a scheme in braces.',
    fix: {
      text: 'Store the password in a supported scheme, or let the authenticator log in as the client.',
      action: 'edit-authenticator',
    },
    rank: 70,
    connack: WIRE.badCredentials,
    since: '0.1',
  }),
  LDAP_BAD_RESULT: ldap({
    title: 'Directory answered unexpectedly',
    cause:
      'The answer to the search of {authenticator} cannot be used: several entries fit, the directory refuses the search or refers to another server, or an entry has too many topics.',
    example: 'The filter asks for an attribute that two devices have in common.',
    fix: {
      text: 'Correct base, scope and filter so that one entry fits; the detail says what came back.',
      action: 'edit-authenticator',
    },
    rank: 60,
    connack: WIRE.backendError,
    since: '0.1',
  }),
  LDAP_UNREACHABLE: ldap({
    title: 'Directory not reachable',
    cause:
      'No connection to the directory behind {authenticator} could be made, or its service account was rejected. The client did nothing wrong.',
    example: 'The directory’s certificate was renewed by another CA.',
    fix: {
      text: 'Check address, service account and TLS settings; the authenticator’s status shows the last error.',
      action: 'edit-authenticator',
    },
    rank: 60,
    connack: WIRE.backendError,
    since: '0.1',
  }),
  LDAP_TIMEOUT: ldap({
    title: 'Directory took too long',
    cause: 'The directory behind {authenticator} did not answer in time. The client did nothing wrong.',
    example: 'The searched attribute has no index, and the directory reads all entries.',
    fix: { text: 'Add the index, or raise the time limit.', action: 'edit-authenticator' },
    rank: 60,
    connack: WIRE.backendError,
    since: '0.1',
  }),
};
