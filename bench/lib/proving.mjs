// Authenticators whose clients prove something without sending it: a certificate's key, a shared key, a password.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';
import { connectPacket } from './storm.mjs';

const PSK = Buffer.from('of-the-bench-of-the-bench');
const CIPHERS = 'ECDHE-PSK-AES128-CBC-SHA256';
const SCRAM_PASSWORD = 'seven grey herons';

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-bench-pki-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
const file = (name) => join(folder, name);
const openssl = (line) => execFileSync('openssl', line.split(' '), { cwd: folder, stdio: 'ignore' });

/** A CA and a certificate for each of these names, on P-256. */
function makeCertificates(names) {
  const key = 'ec -pkeyopt ec_paramgen_curve:P-256 -nodes';
  openssl(`req -x509 -newkey ${key} -days 2 -subj /CN=bench-ca -keyout ca.key -out ca.pem`);
  for (const name of names) {
    openssl(`req -newkey ${key} -subj /CN=${name} -keyout ${name}.key -out ${name}.csr`);
    openssl(`x509 -req -in ${name}.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -out ${name}.pem`);
  }
}

/** One connection over TLS, its handshake counted: resolves as `attempt` does, with -1 where no CONNACK came. */
function attemptOverTls(port, packet, options) {
  return new Promise((resolve) => {
    const started = performance.now();
    let code = -1;
    let ms = 0;
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...options }, () =>
      socket.write(packet),
    );
    socket.on('data', (data) => {
      code = data[3] ?? -1;
      ms = performance.now() - started;
      socket.destroy();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve({ code, ms: ms || performance.now() - started }));
  });
}

const support = fileURLToPath(new URL('../../e2e/support/scram.ts', import.meta.url));
const { ScramPeer, asked, authPacket, openWithMethod } = (await runnerImport(support)).module;

const packetOf = (name) => connectPacket({ clientId: name, username: name, password: '' });
const TLS_LISTENER = [
  'listeners.tls.enabled=true',
  'listeners.tls.host=127.0.0.1',
  'listeners.tls.port=0',
  'limits.halfOpenPerIpMax=10000',
];

/** @type {(namesOf: (count: number) => string[], count: number) => Record<string, object>} */
export const PROVING = (namesOf, count) => ({
  'x509, P-256 (full handshakes)': {
    count,
    set() {
      makeCertificates(['known', 'unknown']);
      return [...TLS_LISTENER, 'listeners.tls.verify=verify_peer', `listeners.tls.ca=${file('ca.pem')}`];
    },
    async prepare(server) {
      await server.api('POST', '/authenticators', {
        name: 'certificates',
        settings: { type: 'x509', credentials: [{ name: 'known', match: { cn: 'known' } }] },
      });
      return ['certificates'];
    },
    attempts(server) {
      const names = namesOf(count);
      const shown = (name) => ({
        cert: readFileSync(file(`${name}.pem`)),
        key: readFileSync(file(`${name}.key`)),
      });
      const by = (options) => (i) => attemptOverTls(server.ports.tls, packetOf(names[i]), options);
      return { accepted: by(shown('known')), refused: by(shown('unknown')) };
    },
  },

  'psk, ECDHE-PSK-AES128': {
    count,
    set() {
      writeFileSync(
        file('psk.txt'),
        namesOf(count)
          .map((name) => `${name}:${PSK}\n`)
          .join(''),
        { mode: 0o600 },
      );
      return [
        ...TLS_LISTENER,
        `listeners.tls.psk_ciphers=${CIPHERS}`,
        `listeners.tls.psk_file=${file('psk.txt')}`,
      ];
    },
    async prepare(server) {
      await server.api('POST', '/authenticators', { name: 'keys', settings: { type: 'psk' } });
      return ['keys'];
    },
    attempts(server) {
      const names = namesOf(count);
      const by = (psk) => (i) =>
        attemptOverTls(server.ports.tls, packetOf(names[i]), {
          ciphers: CIPHERS,
          maxVersion: 'TLSv1.2',
          pskCallback: () => ({ psk, identity: names[i] }),
          checkServerIdentity: () => undefined,
        });
      return { accepted: by(PSK), refused: by(Buffer.from('another key than the right one')) };
    },
    // Refused in the handshake, before any MQTT.
    isRefused: (code) => code === -1,
  },

  'scram, SHA-256, 4 096 iterations': {
    count: Math.round(count / 4),
    async prepare(server) {
      for (const username of namesOf(Math.round(count / 4))) {
        await server.api('POST', '/credentials', { type: 'scram', username, password: SCRAM_PASSWORD });
      }
      await server.api('POST', '/authenticators', { name: 'scram', settings: { type: 'scram' } });
      return ['scram'];
    },
    attempts(server) {
      const names = namesOf(Math.round(count / 4));
      const by = (password) => async (i) => {
        const peer = new ScramPeer(names[i], password);
        const started = performance.now();
        const client = await openWithMethod(server, names[i], peer.mechanism, peer.first);
        client.send(authPacket(0x18, peer.mechanism, peer.final(await asked(client))));
        const { reasonCode } = await client.next();
        const ms = performance.now() - started;
        await client.drop();
        return { code: reasonCode, ms };
      };
      return { accepted: by(SCRAM_PASSWORD), refused: by('another one') };
    },
  },
});
