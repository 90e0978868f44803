import type { ReasonCodeOf } from './codes.ts';
import { inFamily, type ReasonSpec } from './spec.ts';
import { WIRE } from './wire.ts';

const tls = inFamily('tls');

/** The TLS handshake and what a listener itself asks of certificates and pre-shared keys. */
export const TLS_REASONS: Readonly<Record<ReasonCodeOf<'tls'>, ReasonSpec>> = {
  TLS_SERVER_CERT_REJECTED: tls({
    title: 'Client rejects the server certificate',
    cause:
      'The client broke off the handshake because it does not trust this server’s certificate, or the name in it is not the one it connected to.',
    example: 'The server makes its own certificates, and the device has not been given their CA.',
    fix: {
      text: 'Install the server’s CA certificate on the device, and connect to a name that the certificate lists.',
      action: 'install-ca',
    },
    rank: 50,
    connack: null,
    since: '0.1',
  }),
  TLS_CRL_UNAVAILABLE: tls({
    title: 'Revocation list missing or expired',
    cause:
      'The listener must check whether certificates are revoked, but its revocation list cannot be read or is past its date. No certificate is accepted until it is replaced.',
    example: 'The job that downloads the CA’s revocation list every night has been failing for a week.',
    fix: {
      text: 'Put a current revocation list in place; it is read again without a restart.',
      action: 'edit-listener',
    },
    rank: 60,
    connack: WIRE.notAuthorized,
    since: '0.1',
  }),
  TLS_ON_PLAIN_PORT: tls({
    title: 'TLS client on plain port',
    cause: 'The client began a TLS handshake on {listener}, which speaks MQTT without TLS.',
    example: 'A device is configured with mqtts:// and port 1883.',
    fix: {
      text: 'Use the TLS port (8883 by default), or switch TLS off on the device.',
      action: 'none',
    },
    rank: 50,
    connack: null,
    since: '0.1',
  }),
  PLAIN_ON_TLS_PORT: tls({
    title: 'Plain client on TLS port',
    cause: 'The client sent an MQTT packet without TLS to {listener}, which expects a TLS handshake.',
    example: 'A device is configured with mqtt:// and port 8883.',
    fix: {
      text: 'Switch TLS on on the device, or use the plain port (1883 by default) in a network you trust.',
      action: 'none',
    },
    rank: 50,
    connack: null,
    since: '0.1',
  }),
  TLS_CERT_REQUIRED: tls({
    title: 'Client certificate required',
    cause: 'The listener admits only clients with a certificate, and this one presented none.',
    example:
      'A device has username and password but no certificate, and connects to the listener for gateways.',
    fix: {
      text: 'Install a client certificate and its key on the device, or use a listener that asks for none.',
      action: 'edit-listener',
    },
    rank: 55,
    connack: WIRE.notAuthorized,
    since: '0.1',
  }),
  TLS_CERT_UNTRUSTED: tls({
    title: 'Client certificate not trusted',
    cause:
      'No path leads from the client’s certificate to the CA of {listener}: another CA issued it, it is self-signed, or an intermediate certificate is missing.',
    example: 'Devices of a new batch have certificates of the manufacturer’s new CA.',
    fix: {
      text: 'Add the issuing CA to the listener if you trust it, or let the device send its intermediate certificates.',
      action: 'trust-ca',
    },
    rank: 55,
    connack: WIRE.notAuthorized,
    since: '0.1',
  }),
  TLS_CERT_EXPIRED: tls({
    title: 'Client certificate has expired',
    cause: 'The date until which the client’s certificate is valid has passed.',
    example: 'Certificates were issued for a year, and the device was in storage for longer.',
    fix: {
      text: 'Renew the device’s certificate. If several fail at once, look at the server’s clock too.',
      action: 'none',
    },
    rank: 55,
    connack: WIRE.notAuthorized,
    since: '0.1',
  }),
  TLS_CERT_NOT_YET_VALID: tls({
    title: 'Client certificate not yet valid',
    cause:
      'The client’s certificate becomes valid in the future: a clock is wrong, here or where it was issued.',
    example:
      'The machine that issues certificates runs in another time zone with its clock set to local time.',
    fix: {
      text: 'Compare the clocks of this server and of the issuer, then issue the certificate again.',
      action: 'none',
    },
    rank: 55,
    connack: WIRE.notAuthorized,
    since: '0.1',
  }),
  TLS_CERT_REVOKED: tls({
    title: 'Client certificate was revoked',
    cause:
      'The listener’s revocation list names the client’s certificate: somebody decided that it must not be used any more.',
    example: 'A stolen device connects again.',
    fix: {
      text: 'Find out why it was revoked. A device that is yours needs a new certificate; a revoked one cannot be made good.',
      action: 'block',
    },
    rank: 60,
    connack: WIRE.notAuthorized,
    since: '0.1',
  }),
  TLS_VERSION_UNSUPPORTED: tls({
    title: 'TLS version not supported',
    cause:
      'Client and listener have no TLS version in common; the detail says what was offered and what is accepted.',
    example: 'A device of 2012 offers TLS 1.0 only.',
    fix: {
      text: 'Update the device’s TLS library. Lower the listener’s minimum version only for a network of its own.',
      action: 'edit-listener',
    },
    rank: 50,
    connack: null,
    since: '0.1',
  }),
  TLS_NO_SHARED_CIPHER: tls({
    title: 'No cipher in common',
    cause:
      'Client and listener have no cipher suite in common; the detail says what was offered and what is accepted.',
    example:
      'A small microcontroller offers a single suite with CBC, and the listener’s list has none of those.',
    fix: {
      text: 'Add a suite that the device offers to the listener’s ciphers, or update the device.',
      action: 'edit-listener',
    },
    rank: 50,
    connack: null,
    since: '0.1',
  }),
  TLS_HANDSHAKE_TIMEOUT: tls({
    title: 'TLS handshake took too long',
    cause: 'The connection was opened but the TLS handshake did not finish within the time limit.',
    example: 'A modem link loses packets, and the device gives up and starts again every few seconds.',
    fix: {
      text: 'Check the device’s network, or raise the listener’s handshake time limit.',
      action: 'edit-listener',
    },
    rank: 50,
    connack: null,
    since: '0.1',
  }),
  TLS_HANDSHAKE_FAILED: tls({
    title: 'TLS handshake failed',
    cause:
      'The TLS handshake failed for a cause that has no name of its own here; the detail carries the error code of OpenSSL.',
    example: 'A proxy between device and server changes bytes of the handshake.',
    fix: {
      text: 'Look the code in the detail up, and compare with a client that gets in on the same listener.',
      action: 'none',
    },
    rank: 40,
    connack: null,
    since: '0.1',
  }),
  PSK_UNKNOWN_IDENTITY: tls({
    title: 'Unknown pre-shared key identity',
    cause:
      'The client names a pre-shared key identity that the server does not know. On the wire this looks the same as a wrong key.',
    example: 'A device was added to the plan but not to psk.txt.',
    fix: {
      text: 'Add the identity and its key, or correct the identity on the device.',
      action: 'create-credential',
    },
    rank: 55,
    connack: null,
    since: '0.1',
  }),
  PSK_KEY_MISMATCH: tls({
    title: 'Pre-shared key does not match',
    cause: 'The identity is known, but the client’s key is not the one stored for it.',
    example: 'The key was written as hexadecimal text on one side and as raw bytes on the other.',
    fix: {
      text: 'Compare the key on the device with the stored one; look at the form (text or hexadecimal) first.',
      action: 'reset-secret',
    },
    rank: 55,
    connack: null,
    since: '0.1',
  }),
};
