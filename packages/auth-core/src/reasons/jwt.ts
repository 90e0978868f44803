import type { ReasonCodeOf } from './codes.ts';
import { inFamily, type ReasonSpec } from './spec.ts';
import { WIRE } from './wire.ts';

const jwt = inFamily('jwt');

/** Tokens in the password or the username. */
export const JWT_REASONS: Readonly<Record<ReasonCodeOf<'jwt'>, ReasonSpec>> = {
  JWT_MISSING: jwt({
    title: 'No token provided',
    cause: 'The field in which {authenticator} expects a token is not in CONNECT.',
    example: 'The token is expected in the password, and the client sends it as the username.',
    fix: {
      text: 'Put the token into the field that the authenticator reads, or change which field it reads.',
      action: 'edit-authenticator',
    },
    rank: 20,
    connack: WIRE.badCredentials,
    since: '0.1',
  }),
  JWT_MALFORMED: jwt({
    title: 'Not a valid token',
    cause:
      'What the client sent as its token cannot be read as one: it is an ordinary password, was cut, or was encoded twice.',
    example: 'A device’s buffer for passwords has 256 bytes, and the token is longer.',
    fix: {
      text: 'Look at the token’s length and form in the detail, and compare with the one that was issued.',
      action: 'open-in-tester',
    },
    rank: 25,
    connack: WIRE.badCredentials,
    since: '0.1',
  }),
  JWT_KEY_NOT_FOUND: jwt({
    title: 'No key for this token',
    cause:
      'The token names a key (kid) that is not among the keys of {authenticator}, or no key is configured for its algorithm.',
    example: 'The identity provider rotated its keys, and the new key set has not been fetched yet.',
    fix: { text: 'Refresh the key set, or add the key to the authenticator.', action: 'edit-authenticator' },
    rank: 45,
    connack: WIRE.badCredentials,
    since: '0.1',
  }),
  JWT_SIGNATURE_INVALID: jwt({
    title: 'Token signature is invalid',
    cause:
      'No configured key made the signature of the token: it was signed for another system, or changed after it was signed.',
    example: 'A device of the test environment connects to production.',
    fix: {
      text: 'Issue the token with the right key, or correct the key of the authenticator (look at whether the secret is base64).',
      action: 'edit-authenticator',
    },
    rank: 70,
    connack: WIRE.badCredentials,
    since: '0.1',
  }),
  JWT_ALGORITHM_NOT_ALLOWED: jwt({
    title: 'Token algorithm not allowed',
    cause: 'The token is signed with an algorithm that {authenticator} does not accept, or with none at all.',
    example: 'A token with the algorithm “none” is presented by somebody who hopes that it is not checked.',
    fix: {
      text: 'Issue the token with an accepted algorithm; the detail lists them.',
      action: 'edit-authenticator',
    },
    rank: 60,
    connack: WIRE.badCredentials,
    since: '0.1',
  }),
  JWT_EXPIRED: jwt({
    title: 'Token has expired',
    cause:
      'The token is genuine, but the time in its claim “exp” has passed: the device did not renew it, or a clock is wrong.',
    example: 'A device was offline for a day with a token for an hour.',
    fix: {
      text: 'Let the device fetch a new token before it connects. If many fail, compare the clocks.',
      action: 'none',
    },
    rank: 80,
    connack: WIRE.notAuthorized,
    since: '0.1',
  }),
  JWT_NOT_YET_VALID: jwt({
    title: 'Token is not yet valid',
    cause: 'The token is genuine, but the time in its claim “nbf” is still to come.',
    example: 'The issuer’s clock runs two minutes ahead of this server’s.',
    fix: {
      text: 'Compare the clocks of issuer and server, or allow some leeway in the authenticator.',
      action: 'edit-authenticator',
    },
    rank: 80,
    connack: WIRE.notAuthorized,
    since: '0.1',
  }),
  JWT_ISSUED_IN_FUTURE: jwt({
    title: 'Token was issued in future',
    cause: 'The token is genuine, but its claim “iat” says that it was issued later than now.',
    example: 'The issuer counts in milliseconds where the standard says seconds.',
    fix: {
      text: 'Compare the clocks of issuer and server, and look at the unit of the claim.',
      action: 'edit-authenticator',
    },
    rank: 80,
    connack: WIRE.notAuthorized,
    since: '0.1',
  }),
  JWT_CLAIM_MISMATCH: jwt({
    title: 'Token claim does not match',
    cause:
      'The token is genuine, but a claim is not what {authenticator} asks for; the detail names the claim.',
    example: 'The claim “sub” must be the client ID, and a token of pump-6 was copied to pump-7.',
    fix: {
      text: 'Issue a token with the right claims, or correct what the authenticator asks for.',
      action: 'edit-authenticator',
    },
    rank: 80,
    connack: WIRE.notAuthorized,
    since: '0.1',
  }),
  JWT_JWKS_UNAVAILABLE: jwt({
    title: 'Token keys not available',
    cause:
      'The key set of {authenticator} could not be fetched and none is in memory, so no token can be checked.',
    example: 'The identity provider is down while the server starts.',
    fix: {
      text: 'See the authenticator’s status for the last error; check the URL and the way to it.',
      action: 'edit-authenticator',
    },
    rank: 60,
    connack: WIRE.backendError,
    since: '0.1',
  }),
};
