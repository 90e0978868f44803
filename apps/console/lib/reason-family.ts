import type { Family, ReasonCode } from '@gatehouse/auth-core/reasons';

const PREFIXES: readonly (readonly [string, Family])[] = [
  ['BASIC_', 'basic'],
  ['X509_', 'x509'],
  ['SCRAM_', 'scram'],
  ['JWT_', 'jwt'],
  ['HTTP_ON_MQTT_PORT', 'protocol'],
  ['HTTP_', 'http'],
  ['SOURCE_', 'source'],
  ['LDAP_', 'ldap'],
  ['TLS_', 'tls'],
  ['PLAIN_ON_TLS_PORT', 'tls'],
  ['PSK_', 'tls'],
  ['PROTOCOL_', 'protocol'],
  ['WS_', 'protocol'],
  ['PROXY_', 'protocol'],
  ['QUOTA_', 'protocol'],
];

/** Family of a code, from its name: the catalogue itself stays out of the page's script. */
export const familyOf = (code: ReasonCode | (string & {})): Family =>
  PREFIXES.find(([prefix]) => code.startsWith(prefix))?.[1] ?? 'policy';
