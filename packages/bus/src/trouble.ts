import { errors } from '@nats-io/transport-node';

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;

const NOT_OURS = 'it asks for a certificate, or does not take ours: name one by ?cert=FILE&key=FILE';
/** What the system says, in words. */
const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'there is no host of this name',
  EAI_AGAIN: 'the name could not be looked up',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  ETIMEDOUT: 'no answer',
  ECONNRESET: 'the connection was cut',
  SELF_SIGNED_CERT_IN_CHAIN:
    'its certificate is of an authority that is not trusted here: name it by ?ca=FILE',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is of nobody that is trusted here: name it by ?ca=FILE',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'its certificate is of an authority that is not trusted here: name it by ?ca=FILE',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    'its certificate is of an authority that is not trusted here: name it by ?ca=FILE',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: NOT_OURS,
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: NOT_OURS,
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: NOT_OURS,
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name than that in bus_url',
};

/** Why there is no connection, in words; nothing of bus_url is in it. */
export function reasonOf(error: unknown): string {
  if (error instanceof errors.AuthorizationError || error instanceof errors.UserAuthenticationExpiredError) {
    return 'user or password refused';
  }
  if (error instanceof errors.PermissionViolationError) {
    return 'this user may not publish and subscribe to everything below "gatehouse."';
  }
  if (error instanceof errors.TimeoutError) return 'no answer';
  const code = codeOf(error) ?? codeOf(error instanceof Error ? error.cause : undefined);
  const words = code === undefined ? undefined : WORDS[code];
  if (words !== undefined) return words;
  // Its message is a line of OpenSSL's source.
  if (code?.startsWith('ERR_SSL_') === true) return `TLS could not be agreed on (${code})`;
  if (error instanceof Error && error.message.includes("does not support 'tls'"))
    return 'it has no TLS, which is asked for';
  if (error instanceof Error) return code === undefined ? error.message : `${error.message} (${code})`;
  return 'it ended the connection';
}
