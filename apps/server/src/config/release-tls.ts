import { cipherNames, isPskSuite } from '@gatehouse/broker';
import type { ConfigProblem } from './problem.ts';
import type { Config } from './schema.ts';

type Refusal = Pick<ConfigProblem, 'path' | 'found' | 'accepted'>;
type Tls = Config['listeners']['tls'];

/** Settings that mean something where client certificates are asked for, each with the value that means nothing. */
const NEEDS_VERIFY = {
  ca: '',
  crl: '',
  fail_if_no_peer_cert: false,
  reject: 'connack',
  peer_cert_as_username: '',
  peer_cert_as_clientid: '',
} as const;

/** Settings of listeners with pre-shared keys, likewise. */
const NEEDS_PSK = {
  psk_file: '',
  psk_delimiter: ':',
  psk_format: 'emqx',
  psk_as_username: false,
  psk_as_clientid: false,
} as const;

/** Suites with pre-shared keys that OpenSSL 3 has no more, and why nobody should miss them. */
const WITHDRAWN: readonly (readonly [RegExp, string])[] = [
  [
    /3DES|DES-CBC3/,
    '3DES was taken out of OpenSSL: its 64-bit blocks let long connections be read (SWEET32)',
  ],
  [/RC4/, 'RC4 was taken out of TLS (RFC 7465): its keystream gives parts of the plain text away'],
];

function withoutPurpose(path: string, tls: Tls, idle: Partial<Tls>, accepted: string): Refusal[] {
  const names = Object.keys(idle) as (keyof Tls)[];
  return names
    .filter((name) => tls[name] !== idle[name])
    .map((name) => ({
      path: `${path}.${name}`,
      found: String(tls[name]),
      accepted: `${JSON.stringify(idle[name])}, or ${accepted}`,
    }));
}

function certificates(path: string, tls: Tls): Refusal[] {
  const out: Refusal[] = [];
  if ((tls.key === '') !== (tls.cert === '')) {
    out.push({ path, found: 'one of key and cert', accepted: 'both, or neither' });
  }
  if (tls.key === '' && tls.key_password.reveal() !== '') {
    out.push({
      path: `${path}.key_password`,
      found: 'a password',
      accepted: 'empty, or a `key` whose it is',
    });
  }
  if (tls.verify === 'verify_none')
    out.push(...withoutPurpose(path, tls, NEEDS_VERIFY, '`verify: verify_peer`'));
  if (tls.verify === 'verify_peer' && tls.crl !== '' && tls.ca === '') {
    out.push({ path: `${path}.crl`, found: tls.crl, accepted: 'empty, or a `ca` whose list it is' });
  }
  if (tls.fail_if_no_peer_cert && tls.reject === 'chain') {
    out.push({
      path: `${path}.fail_if_no_peer_cert`,
      found: 'true',
      accepted: 'false where `reject: chain` leaves the decision to the authenticators',
    });
  }
  return out;
}

function preSharedKeys(path: string, tls: Tls): Refusal[] {
  if (tls.psk_ciphers === '') return withoutPurpose(path, tls, NEEDS_PSK, '`psk_ciphers`');
  const out: Refusal[] = [];
  const refuse = (key: keyof Tls, accepted: string): void => {
    out.push({ path: `${path}.${key}`, found: String(tls[key]), accepted });
  };
  if (tls.ciphers !== '') refuse('ciphers', 'empty: it excludes `psk_ciphers`');
  if (tls.verify === 'verify_peer')
    refuse('verify', 'verify_none: a client with a pre-shared key shows no certificate');
  if (tls.min_version === 'TLSv1.3') {
    refuse('min_version', 'TLSv1.2 or older: pre-shared keys of this kind end with TLS 1.2');
  }
  for (const suite of cipherNames(tls.psk_ciphers)) {
    const why = isPskSuite(suite)
      ? WITHDRAWN.find(([pattern]) => pattern.test(suite))?.[1]
      : 'it is no suite with pre-shared keys (PSK-, DHE-PSK-, ECDHE-PSK-, RSA-PSK-)';
    if (why !== undefined)
      out.push({ path: `${path}.psk_ciphers`, found: suite, accepted: `a list without it: ${why}` });
  }
  return out;
}

/** The versions, oldest first. */
const VERSIONS: readonly Tls['min_version'][] = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'];

const versions = (path: string, { min_version: min, max_version: max }: Tls): readonly Refusal[] =>
  VERSIONS.indexOf(min) <= VERSIONS.indexOf(max)
    ? []
    : [
        {
          path: `${path}.max_version`,
          found: max,
          accepted: `${min}, which is the oldest accepted, or newer`,
        },
      ];

/** Only a proxy's header tells a listener without TLS of its own of a certificate. */
export const proxiedFits = ({ listeners }: Config): Refusal[] =>
  (['tcp', 'ws'] as const)
    .filter((name) => listeners[name].enabled && !listeners[name].proxy_protocol)
    .flatMap((name) =>
      (['peer_cert_as_username', 'peer_cert_as_clientid'] as const)
        .filter((key) => listeners[name][key] !== '')
        .map((key) => ({
          path: `listeners.${name}.${key}`,
          found: listeners[name][key],
          accepted: '"", or `proxy_protocol: true`',
        })),
    );

/** How the settings of the TLS listeners that are enabled fit together. */
export const tlsFits = ({ listeners }: Config): Refusal[] =>
  (['tls', 'wss'] as const)
    .filter((name) => listeners[name].enabled)
    .flatMap((name) => [
      ...certificates(`listeners.${name}`, listeners[name]),
      ...versions(`listeners.${name}`, listeners[name]),
      ...preSharedKeys(`listeners.${name}`, listeners[name]),
    ]);
