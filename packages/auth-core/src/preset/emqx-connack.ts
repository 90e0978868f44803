import type { ProtocolVersion } from '../attempt.ts';
import { readStatus } from '../methods/http-status.ts';
import { connack, type ReasonCode } from '../reasons/index.ts';
import { WIRE } from '../reasons/wire.ts';

/** The wire code of a refusal, by what is known of it. */
export type ConnackOf = (
  version: ProtocolVersion,
  reason: ReasonCode,
  detail: Readonly<Record<string, unknown>>,
) => number | null;

type Wire = (typeof WIRE)[keyof typeof WIRE];

/** EMQX 4.3 tells nobody that its own default refused: "not authorized" (reference/emqx.md §3.2). */
const NOBODY_DECIDED: readonly ReasonCode[] = [
  'CHAIN_EXHAUSTED',
  'ANONYMOUS_DENIED',
  'ANONYMOUS_QUICK_DENIED',
  'BASIC_NO_CREDENTIALS',
  'SOURCE_NO_RECORD',
  'LDAP_NO_ENTRY',
  'LDAP_PASSWORD_MISSING',
  'LDAP_HASH_MISSING',
  'LDAP_BAD_RESULT',
  'HTTP_IGNORED',
  'JWT_MISSING',
  'JWT_MALFORMED',
  'JWT_KEY_NOT_FOUND',
];

/** What its plugins for databases, directories and tokens refuse with "not authorized", where we say something else. */
const PLUGINS_DENY: readonly ReasonCode[] = [
  'SOURCE_PASSWORD_MISMATCH',
  'SOURCE_PASSWORD_MISSING',
  'SOURCE_SALT_MISSING',
  'SOURCE_SALT_UNEXPECTED',
  'SOURCE_HASH_INVALID',
  'SOURCE_BAD_RESULT',
  'SOURCE_TIMEOUT',
  'SOURCE_UNREACHABLE',
  'LDAP_BIND_REJECTED',
  'LDAP_ACCOUNT_DISABLED',
  'LDAP_UNREACHABLE',
  'LDAP_TIMEOUT',
  'JWT_SIGNATURE_INVALID',
  'JWT_ALGORITHM_NOT_ALLOWED',
  'JWT_EXPIRED',
  'JWT_NOT_YET_VALID',
  'JWT_ISSUED_IN_FUTURE',
  'JWT_CLAIM_MISMATCH',
];

const CODES: ReadonlyMap<ReasonCode, Wire> = new Map(
  [...NOBODY_DECIDED, ...PLUGINS_DENY].map((reason) => [reason, WIRE.notAuthorized]),
);

const HTTP: ReadonlySet<ReasonCode> = new Set<ReasonCode>([
  'HTTP_DENIED',
  'HTTP_BAD_RESPONSE',
  'HTTP_TIMEOUT',
  'HTTP_UNREACHABLE',
]);

/** The service's own status decides; without one it could not be asked. */
const ofService = (status: unknown): { readonly v3: number; readonly v5: number } =>
  typeof status === 'number' ? readStatus(status).emqxConnack : WIRE.backendError;

/** The wire codes of EMQX 4.3, which differ from plugin to plugin: for `preset: emqx_4_3` alone. */
export const connackAsEmqx43: ConnackOf = (version, reason, detail) => {
  const codes = HTTP.has(reason) ? ofService(detail['status']) : CODES.get(reason);
  if (codes === undefined) return connack(version, reason);
  return version === 5 ? codes.v5 : codes.v3;
};
