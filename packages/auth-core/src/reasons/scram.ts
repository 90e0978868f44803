import type { ReasonCodeOf } from './codes.ts';
import { inFamily, type ReasonSpec } from './spec.ts';
import { WIRE } from './wire.ts';

const scram = inFamily('scram');

/** MQTT 5 enhanced authentication. */
export const SCRAM_REASONS: Readonly<Record<ReasonCodeOf<'scram'>, ReasonSpec>> = {
  SCRAM_DISABLED: scram({
    title: 'Enhanced authentication is disabled',
    cause:
      'The client asks for MQTT 5 enhanced authentication, and the chain of {listener} has no enabled SCRAM step.',
    example: 'A client library is set to SCRAM-SHA-256 while the server knows passwords only.',
    fix: {
      text: 'Let the client send username and password, or add a SCRAM step to the chain.',
      action: 'edit-chain',
    },
    rank: 50,
    connack: WIRE.badMethod,
    since: '0.1',
  }),
  SCRAM_NOT_USED: scram({
    title: 'Client does not use SCRAM',
    cause:
      'The chain of {listener} wants MQTT 5 enhanced authentication, and the client sent a plain CONNECT, with a password or without.',
    example: 'A device speaks MQTT 3.1.1, which has no enhanced authentication, on a listener for SCRAM.',
    fix: {
      text: 'Set the client to SCRAM-SHA-256 or SCRAM-SHA-512, or add a step to the chain that takes its password.',
      action: 'edit-chain',
    },
    rank: 32,
    connack: WIRE.notAuthorized,
    since: '0.1',
  }),
  SCRAM_METHOD_UNSUPPORTED: scram({
    title: 'Authentication method not supported',
    cause:
      'The client names an authentication method other than SCRAM-SHA-256 and SCRAM-SHA-512, or one that is switched off.',
    example: 'A client asks for GS2-KRB5.',
    fix: {
      text: 'Set the client to one of the methods in the detail.',
      action: 'edit-authenticator',
    },
    rank: 50,
    connack: WIRE.badMethod,
    since: '0.1',
  }),
  SCRAM_METHOD_CHANGED: scram({
    title: 'Authentication method changed midway',
    cause:
      'The client began with one authentication method and named another in a later packet ([MQTT-4.12.0-5]).',
    example: 'A faulty client library falls back from SHA-512 to SHA-256 in the middle of the exchange.',
    fix: { text: 'Update the client’s MQTT library, or set one method in it.', action: 'none' },
    rank: 50,
    connack: WIRE.badMethod,
    since: '0.1',
  }),
  SCRAM_DATA_MISSING: scram({
    title: 'Authentication data missing',
    cause:
      'The client names an authentication method but sent no data with it, or did not answer the server’s question in time.',
    example: 'A script sets the property “Authentication Method” by hand and nothing else.',
    fix: { text: 'Use a client library that implements SCRAM, or username and password.', action: 'none' },
    rank: 50,
    connack: WIRE.notAuthorized,
    since: '0.1',
  }),
  SCRAM_FIRST_MESSAGE_INVALID: scram({
    title: 'Invalid SCRAM first message',
    cause:
      'The first message of the SCRAM exchange does not follow RFC 5802: a field is missing, out of order or not understood.',
    example: 'A client asks for channel binding, which MQTT’s exchange does not offer.',
    fix: { text: 'Update the client’s SCRAM implementation; the detail names the field.', action: 'none' },
    rank: 50,
    connack: WIRE.notAuthorized,
    since: '0.1',
  }),
  SCRAM_UNKNOWN_USER: scram({
    title: 'Unknown SCRAM user',
    cause:
      'No SCRAM credential goes by the username in the exchange. The client cannot tell this from a wrong password.',
    example: 'The device has a basic credential, and was switched to SCRAM without making a SCRAM one.',
    fix: {
      text: 'Create a SCRAM credential for this username, or correct the name on the device.',
      action: 'create-credential',
    },
    rank: 30,
    connack: WIRE.badCredentials,
    since: '0.1',
  }),
  SCRAM_PROOF_MISMATCH: scram({
    title: 'SCRAM proof does not match',
    cause: 'The user is known, but the client’s proof was made with another password.',
    example: 'The secret was rotated and the device still has the old one.',
    fix: { text: 'Put the current secret on the device, or reset it.', action: 'reset-secret' },
    rank: 80,
    connack: WIRE.badCredentials,
    since: '0.1',
  }),
  SCRAM_UNEXPECTED_STATE: scram({
    title: 'Unexpected packet during SCRAM exchange',
    cause:
      'A packet came that does not belong at this point of the exchange, or the exchange took more rounds than it has.',
    example: 'A client publishes before the server has accepted it.',
    fix: { text: 'Update the client’s MQTT library.', action: 'none' },
    rank: 50,
    connack: WIRE.protocolError,
    since: '0.1',
  }),
  SCRAM_REAUTH_FAILED: scram({
    title: 'Re-authentication failed',
    cause: 'A connected client proved itself again, as MQTT 5 allows, and failed. Its connection was closed.',
    example:
      'The secret was reset while the device was connected, and its library re-authenticates every hour.',
    fix: { text: 'Put the current secret on the device.', action: 'reset-secret' },
    rank: 80,
    connack: WIRE.notAuthorized,
    since: '0.1',
  }),
  SCRAM_CREDENTIALS_UNPARSABLE: scram({
    title: 'Cannot parse SCRAM credentials',
    cause:
      'The SCRAM credential for this user is in the store but cannot be read. The client did nothing wrong.',
    example: 'A credential was imported with a salt that is not base64.',
    fix: { text: 'Reset the secret of the credential, or import it again.', action: 'reset-secret' },
    rank: 70,
    connack: WIRE.badCredentials,
    since: '0.1',
  }),
};
