import type { ReasonCodeOf } from './codes.ts';
import { inFamily, type ReasonSpec } from './spec.ts';
import { WIRE } from './wire.ts';

const x509 = inFamily('x509');

/** Client certificates against X.509 credentials. */
export const X509_REASONS: Readonly<Record<ReasonCodeOf<'x509'>, ReasonSpec>> = {
  X509_CLIENT_CN_MISSING: x509({
    title: 'Failed to get client certificate CN',
    cause: 'The client’s certificate has no common name (CN), and credentials are matched by it.',
    example: 'The certificate names the device in a subject alternative name only, as public CAs do.',
    fix: {
      text: 'Issue a certificate with a CN, or match credentials by subject alternative name or fingerprint.',
      action: 'edit-authenticator',
    },
    rank: 65,
    connack: WIRE.notAuthorized,
    since: '0.1',
  }),
  X509_AUTH_FAILURE: x509({
    title: 'X.509 authentication failure',
    cause:
      'The certificate’s path leads to a trusted CA, but a certificate in it fails: expired, not yet valid, revoked, wrong purpose or bad signature. The detail says which and why.',
    example: 'The intermediate CA’s certificate expired on Sunday, and all devices under it fail since.',
    fix: {
      text: 'Renew the certificate that the detail names. If a whole group fails, it is the one above them.',
      action: 'none',
    },
    rank: 70,
    connack: WIRE.notAuthorized,
    since: '0.1',
  }),
  X509_PEER_UNVERIFIED: x509({
    title: 'Peer identity not verified',
    cause:
      'No path leads from the client’s certificate to the CA of {listener}: unknown issuer, self-signed, or a missing intermediate certificate.',
    example: 'A device still has the self-signed certificate from the workbench.',
    fix: {
      text: 'Give the device a certificate of a trusted CA, or add its issuer to the listener if you trust it.',
      action: 'trust-ca',
    },
    rank: 70,
    connack: WIRE.notAuthorized,
    since: '0.1',
  }),
  X509_CHAIN_EMPTY: x509({
    title: 'No certificates in chain',
    cause: 'The client came over TLS but presented no certificate.',
    example: 'The path to the certificate file in the device’s configuration is empty.',
    fix: {
      text: 'Install a client certificate on the device, with its key and intermediate certificates.',
      action: 'none',
    },
    rank: 38,
    connack: WIRE.notAuthorized,
    since: '0.1',
  }),
  X509_CERT_CN_MISSING: x509({
    title: 'Failed to get certificate CN',
    cause:
      'Credentials are matched along the whole chain, and a certificate above the client’s own has no common name (CN).',
    example: 'The intermediate CA has only an organisation in its subject.',
    fix: {
      text: 'Match by the client’s own certificate, or issue the intermediate certificate again with a CN.',
      action: 'edit-authenticator',
    },
    rank: 60,
    connack: WIRE.notAuthorized,
    since: '0.1',
  }),
  X509_NO_RULES_FOR_CN: x509({
    title: 'No authorization rules for CN',
    cause:
      'A credential matches the certificate, but its rules have no entry for the certificate’s common name: the client could do nothing.',
    example: 'The credential for all pumps has rules for pump-1 to pump-6, and pump-7 was added.',
    fix: {
      text: 'Add rules for this common name to the credential, or a pattern that covers it.',
      action: 'add-rules-for-cn',
    },
    rank: 80,
    connack: WIRE.notAuthorized,
    since: '0.1',
  }),
  X509_TLS_NOT_USED: x509({
    title: 'TLS not used',
    cause:
      'The client came to {listener} without TLS, so there is no certificate to look at. Other systems report this as “SSL handler not constructed”.',
    example: 'A device with a certificate is configured with the plain port 1883.',
    fix: {
      text: 'Connect to a TLS listener. If this listener is meant for clients with passwords, give it a chain without the certificate step.',
      action: 'edit-chain',
    },
    rank: 37,
    connack: WIRE.notAuthorized,
    since: '0.1',
  }),
  X509_NO_CREDENTIALS: x509({
    title: 'No matching X.509 credentials found',
    cause: 'The client’s certificate is good, but no X.509 credential matches it.',
    example:
      'A new device has its certificate from the right CA, but nobody made a credential for its common name.',
    fix: {
      text: 'Create an X.509 credential from this attempt, or widen the pattern of an existing one.',
      action: 'create-credential',
    },
    rank: 55,
    connack: WIRE.badCredentials,
    since: '0.1',
  }),
  X509_CREDENTIALS_UNPARSABLE: x509({
    title: 'Cannot parse X.509 credentials',
    cause:
      'An X.509 credential that could match is in the store but cannot be read. The client did nothing wrong.',
    example: 'A credential was imported with a pattern that is no valid regular expression.',
    fix: {
      text: 'Open the credential that the detail names and correct it.',
      action: 'edit-rules',
    },
    rank: 70,
    connack: WIRE.notAuthorized,
    since: '0.1',
  }),
};
