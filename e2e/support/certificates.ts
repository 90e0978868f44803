import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ClientPki, inDays, type IssuedCertificate } from '../../packages/broker/test/support/client-pki.ts';
import { mqttJs } from './clients.ts';
import type { Server } from './server.ts';

export { inDays };

/** A fleet's certificates: made once for a run, in a directory that goes with the process. */
export const pki = new ClientPki();
process.once('exit', () => {
  pki.remove();
});

export const root = pki.make({ subject: '/O=Acme/CN=Root', isAuthority: true });
export const middle = pki.make({ subject: '/O=Acme/CN=Middle', issuer: root, isAuthority: true });
/** A CA whose revocation list has not been renewed. */
export const neglected = pki.make({ subject: '/O=Acme/CN=Neglected', issuer: root, isAuthority: true });

/** A CA whose certificate names an organisation only. */
export const nameless = pki.make({ subject: '/O=Acme', issuer: root, isAuthority: true });

export const expired = pki.make({ subject: '/CN=old', issuer: root, from: inDays(-9), until: inDays(-1) });
export const revoked = pki.make({ subject: '/CN=stolen', issuer: root });
pki.revoke(root, revoked);

const ca = pki.file('clients-ca.pem', root.cert);
const crl = pki.file(
  'clients.crl',
  [pki.list(root), pki.list(middle), pki.list(neglected, inDays(-1))].join(''),
);

/** A listener that itself refuses certificates that do not verify. */
export const VERIFYING = [
  'listeners.tls.verify=verify_peer',
  `listeners.tls.ca=${ca}`,
  `listeners.tls.crl=${crl}`,
  'listeners.tls.fail_if_no_peer_cert=true',
] as const;

/** A WebSocket listener that leaves every refusal of a certificate to its chain, the default one. */
export const VERIFYING_WSS = [
  'listeners.wss.verify=verify_peer',
  `listeners.wss.ca=${ca}`,
  'listeners.wss.reject=chain',
] as const;

/** Listeners whose chain is the `x509` authenticator alone; the one with TLS leaves every refusal to it. */
export const BY_X509 = [
  'listeners.tls.verify=verify_peer',
  `listeners.tls.ca=${ca}`,
  'listeners.tls.reject=chain',
  'listeners.tls.chain=certificates',
  'listeners.tcp.chain=certificates',
  'auth.chains.certificates=[fleet]',
  `auth.authenticators.fleet=${JSON.stringify({
    type: 'x509',
    match_chain: true,
    credentials: [
      {
        name: 'Pumps',
        match: { cn_pattern: 'pump-.*' },
        rules_by_cn: { 'pump-[1-6]': [{ permission: 'allow', action: 'all', topic: 'pumps/${cn}/#' }] },
      },
    ],
  })}`,
] as const;

/** A TLS listener whose clients need a certificate and, under its name, a credential. */
export const REQUIRING_BOTH = [
  'listeners.tls.verify=verify_peer',
  `listeners.tls.ca=${ca}`,
  'listeners.tls.reject=chain',
  'listeners.tls.chain=both',
  'auth.chains.both=[{"require":["fleet","builtin"],"identity":"builtin","bind":"cn_username"}]',
  `auth.authenticators.fleet=${JSON.stringify({
    type: 'x509',
    credentials: [
      {
        name: 'Pumps',
        match: { cn_pattern: 'pump-.*' },
        rules: [{ permission: 'allow', action: 'all', topic: 'pumps/#' }],
      },
    ],
  })}`,
] as const;

/** A TLS listener with the pre-shared keys of EMQX's sample; the plain one awaits a PROXY header, for the scenario that sends none. */
export const WITH_PSK_AND_PROXY = [
  'listeners.tcp.proxy_protocol=true',
  'listeners.tls.psk_ciphers=PSK-AES128-CBC-SHA,PSK-AES256-CBC-SHA',
  `listeners.tls.psk_file=${pki.file('psk.txt', 'client1:1234\nclient2:abcd\n')}`,
] as const;

const URLS = {
  tls: (port: number) => `mqtts://localhost:${String(port)}`,
  wss: (port: number) => `wss://localhost:${String(port)}/mqtt`,
};

/** Connects to a listener of TLS with a certificate, or without; resolves to the CONNACK code. */
export async function connectWith(
  server: Server,
  clientId: string,
  certificate: IssuedCertificate | undefined,
  login: { readonly username?: string; readonly password?: string } = {},
  listener: 'tls' | 'wss' = 'tls',
): Promise<number> {
  const { cert, key, chain } = certificate ?? { cert: '', key: '', chain: '' };
  const { code, client } = await mqttJs(URLS[listener](server.ports[listener]), {
    ca: readFileSync(join(server.dataDir, 'pki/ca.crt')),
    clientId,
    protocolVersion: 5,
    ...login,
    ...(certificate === undefined ? {} : { cert: chain === '' ? cert : chain, key }),
  });
  client.end(true);
  return code;
}
