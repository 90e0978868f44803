import type { Family, ReasonCode } from '@gatehouse/auth-core/reasons';

const NAMED = ['basic', 'x509', 'scram', 'jwt', 'http', 'source', 'ldap', 'tls', 'protocol'] as const;

/** First words of codes that are not their family's name. */
const OF_OTHERS: ReadonlyMap<string, Family> = new Map([
  ['PLAIN', 'tls'],
  ['PSK', 'tls'],
  ['WS', 'protocol'],
  ['PROXY', 'protocol'],
  ['LISTENER', 'protocol'],
  ['QUOTA', 'protocol'],
]);

/** Family of a code, from its name: the catalogue itself stays out of the page's script. */
export function familyOf(code: ReasonCode | (string & {})): Family {
  if (code === 'HTTP_ON_MQTT_PORT') return 'protocol';
  const [first = ''] = code.split('_');
  return OF_OTHERS.get(first) ?? NAMED.find((family) => family.toUpperCase() === first) ?? 'policy';
}
