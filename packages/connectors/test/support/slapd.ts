import { readFileSync, writeFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  freePort,
  programPath,
  runToEnd,
  startProgram,
  temporaryDirectory,
  type Program,
} from './programs.ts';

const server = programPath('slapd');
const loader = programPath('slapadd');

export const SLAPD = server !== undefined && loader !== undefined;

/** The suffix and the service account that EMQX's documentation uses. */
export const SUFFIX = 'dc=emqx,dc=io';
export const DEVICES = `ou=device,${SUFFIX}`;
export const ROOT = { dn: `cn=root,${SUFFIX}`, password: 'public' } as const;
/** An account that sees entries, but not their passwords. */
export const BLIND = { dn: `cn=blind,${SUFFIX}`, password: 'blind-secret' } as const;

/** A throwaway OpenLDAP with LDAP, STARTTLS and LDAPS on 127.0.0.1 and ::1, and a certificate for `localhost`. */
export interface Slapd {
  readonly port: number;
  readonly tlsPort: number;
  /** Its certificate, which is its own CA: PEM. */
  readonly ca: string;
  readonly signal: Program['signal'];
  /** Ends it and starts it again on the same ports and data. */
  readonly restart: () => Promise<void>;
  readonly kill: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Starts one that holds `entries` (LDIF) below the suffix, on a port that was chosen before or on any. */
export async function startSlapd(entries: string, wanted?: number): Promise<Slapd> {
  if (server === undefined || loader === undefined) throw new Error('slapd is not installed');
  const folder = temporaryDirectory();
  // For who never comes to stopping it.
  process.once('exit', folder.discard);
  const file = (name: string): string => join(folder.path, name);
  mkdirSync(file('data'));
  writeFileSync(file('mqtt.schema'), SCHEMA);
  writeFileSync(file('slapd.conf'), configOf(file));
  writeFileSync(file('entries.ldif'), BASE_ENTRIES + entries);
  runToEnd('openssl', [
    ...'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2'.split(' '),
    ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'],
    ...['-keyout', file('key.pem'), '-out', file('cert.pem')],
  ]);
  runToEnd(loader, ['-f', file('slapd.conf'), '-l', file('entries.ldif')]);

  const port = wanted ?? (await freePort());
  const tlsPort = await freePort();
  const hosts = ['127.0.0.1', '[::1]'];
  const urls = hosts.flatMap((host) => [
    `ldap://${host}:${String(port)}/`,
    `ldaps://${host}:${String(tlsPort)}/`,
  ]);
  const start = (): Promise<Program> =>
    startProgram(server, ['-d', '0', '-f', file('slapd.conf'), '-h', urls.join(' ')], port);
  let program = await start();
  return {
    port,
    tlsPort,
    ca: readFileSync(file('cert.pem'), 'utf8'),
    signal: (signal) => {
      program.signal(signal);
    },
    restart: async () => {
      await program.stop();
      program = await start();
    },
    kill: () => program.stop(),
    stop: async () => {
      await program.stop();
      folder.discard();
    },
  };
}

const configOf = (file: (name: string) => string): string => `
include /etc/ldap/schema/core.schema
include ${file('mqtt.schema')}
modulepath /usr/lib/ldap
moduleload back_mdb
pidfile ${file('pid')}
TLSCACertificateFile ${file('cert.pem')}
TLSCertificateFile ${file('cert.pem')}
TLSCertificateKeyFile ${file('key.pem')}
sizelimit 100
database mdb
suffix "${SUFFIX}"
rootdn "${ROOT.dn}"
rootpw ${ROOT.password}
directory ${file('data')}
dbnosync
access to attrs=userPassword by anonymous auth by * none
access to * by * read
`;

/** The object classes and attributes that EMQX's documentation of its LDAP authentication asks for. */
const SCHEMA = `
attributetype ( 1.3.6.1.4.1.99999.1.1 NAME 'isEnabled' EQUALITY booleanMatch
  SYNTAX 1.3.6.1.4.1.1466.115.121.1.7 SINGLE-VALUE )
attributetype ( 1.3.6.1.4.1.99999.1.2 NAME 'mqttPublishTopic' EQUALITY caseExactMatch
  SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )
attributetype ( 1.3.6.1.4.1.99999.1.3 NAME 'mqttSubscriptionTopic' EQUALITY caseExactMatch
  SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )
attributetype ( 1.3.6.1.4.1.99999.1.4 NAME 'mqttPubSubTopic' EQUALITY caseExactMatch
  SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )
objectclass ( 1.3.6.1.4.1.99999.2.1 NAME 'mqttUser' SUP top STRUCTURAL MUST ( uid )
  MAY ( isEnabled $ userPassword $ description $ mqttPublishTopic $ mqttSubscriptionTopic $ mqttPubSubTopic ) )
`;

const BASE_ENTRIES = `dn: ${SUFFIX}
objectClass: dcObject
objectClass: organization
dc: emqx
o: emqx

dn: ${DEVICES}
objectClass: organizationalUnit
ou: device

dn: ${BLIND.dn}
objectClass: organizationalRole
objectClass: simpleSecurityObject
cn: blind
userPassword: ${BLIND.password}

`;

/** One attribute in LDIF: base64, so that any value is written as it is (RFC 2849). */
const line = (name: string, value: string): string => `${name}:: ${Buffer.from(value).toString('base64')}\n`;

/** A device's entry in LDIF; `rdn` where the uid needs escaping in its name. */
export const device = (
  uid: string,
  attributes: Readonly<Record<string, string | readonly string[]>> = {},
  rdn: string = uid,
): string =>
  [
    line('dn', `uid=${rdn},${DEVICES}`),
    line('objectClass', 'mqttUser'),
    line('uid', uid),
    ...Object.entries(attributes).flatMap(([name, values]) =>
      [values].flat().map((value) => line(name, value)),
    ),
    '\n',
  ].join('');
