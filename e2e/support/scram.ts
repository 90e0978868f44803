import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import mqtt, { type MqttClient } from 'mqtt';
import { connectPacket, RawClient } from '../../packages/broker/test/support/raw-client.ts';
import type { Server } from './server.ts';

export type Mechanism = 'SCRAM-SHA-256' | 'SCRAM-SHA-512';
type AuthPacket = Extract<Awaited<ReturnType<RawClient['next']>>, { cmd: 'auth' }>;

/** A server whose clients prove themselves by SCRAM. */
export const BY_SCRAM = [
  'auth.authenticators.scram={"type":"scram"}',
  'auth.chains.default=["scram"]',
] as const;

/** The client's side of SCRAM after RFC 5802 §3, on Node's crypto: nothing of it is the server's code. */
export class ScramPeer {
  readonly first: Buffer;
  readonly mechanism: Mechanism;
  readonly #bare: string;
  readonly #password: string;
  #expected = '';

  constructor(username: string, password: string, mechanism: Mechanism = 'SCRAM-SHA-256') {
    this.mechanism = mechanism;
    // As much of SASLprep (RFC 4013) as the tests' passwords need.
    this.#password = password.normalize('NFKC');
    this.#bare = `n=${username.replaceAll('=', '=3D').replaceAll(',', '=2C')},r=${randomBytes(18).toString('base64')}`;
    this.first = Buffer.from(`n,,${this.#bare}`);
  }

  /** Answers `server-first-message`. */
  final(question: Buffer): Buffer {
    const text = question.toString();
    const [, nonce = '', salt = '', iterations = ''] = /^r=([^,]+),s=([^,]+),i=(\d+)$/.exec(text) ?? [];
    const hash = this.mechanism === 'SCRAM-SHA-256' ? 'sha256' : 'sha512';
    const bytes = hash === 'sha256' ? 32 : 64;
    const hmac = (key: Buffer, data: string): Buffer => createHmac(hash, key).update(data).digest();
    const salted = pbkdf2Sync(this.#password, Buffer.from(salt, 'base64'), Number(iterations), bytes, hash);
    const clientKey = hmac(salted, 'Client Key');
    const withoutProof = `c=biws,r=${nonce}`;
    const message = `${this.#bare},${text},${withoutProof}`;
    const signature = hmac(createHash(hash).update(clientKey).digest(), message);
    const proof = clientKey.map((byte, index) => byte ^ (signature[index] ?? 0));
    this.#expected = `v=${hmac(hmac(salted, 'Server Key'), message).toString('base64')}`;
    return Buffer.from(`${withoutProof},p=${Buffer.from(proof).toString('base64')}`);
  }

  /** Whether the server has proved that it knows the password's keys. */
  isServer(last: Buffer | undefined): boolean {
    return last?.toString() === this.#expected;
  }
}

/** An AUTH of the client. */
export const authPacket = (
  reasonCode: number,
  authenticationMethod: string,
  authenticationData?: Buffer,
): AuthPacket => ({
  cmd: 'auth',
  reasonCode,
  properties: { authenticationMethod, ...(authenticationData === undefined ? {} : { authenticationData }) },
});

/** Sends CONNECT with a method and data; resolves to the client, who has not been answered yet. */
export async function openWithMethod(
  server: Server,
  clientId: string,
  authenticationMethod: string,
  authenticationData?: Buffer,
): Promise<RawClient> {
  const client = await RawClient.open(server.ports.tcp, 5);
  client.send(
    connectPacket({
      protocolVersion: 5,
      clientId,
      properties: {
        authenticationMethod,
        ...(authenticationData === undefined ? {} : { authenticationData }),
      },
    }),
  );
  return client;
}

/** The CONNACK code of a client that is refused. */
export async function refusedCode(client: RawClient): Promise<number> {
  const packet = await client.next();
  if (packet.cmd !== 'connack') throw new Error(`expected CONNACK, got ${packet.cmd}`);
  await client.drop();
  return packet.reasonCode ?? 0;
}

/** The data of the server's question. */
export async function asked(client: RawClient): Promise<Buffer> {
  const packet = await client.next();
  if (packet.cmd !== 'auth' || packet.reasonCode !== 0x18)
    throw new Error(`no question: ${JSON.stringify(packet)}`);
  return packet.properties?.authenticationData ?? Buffer.alloc(0);
}

/** A client that was let in by SCRAM, of which it has checked that the server knows the password too. */
export async function admittedByScram(server: Server, clientId: string, peer: ScramPeer): Promise<RawClient> {
  const client = await openWithMethod(server, clientId, peer.mechanism, peer.first);
  client.send(authPacket(0x18, peer.mechanism, peer.final(await asked(client))));
  const connack = await client.next();
  if (connack.cmd !== 'connack' || connack.reasonCode !== 0)
    throw new Error(`not admitted: ${JSON.stringify(connack)}`);
  if (!peer.isServer(connack.properties?.authenticationData)) throw new Error('the server proved nothing');
  return client;
}

/** MQTT.js with SCRAM; resolves to the CONNACK code. */
export function mqttJsByScram(
  url: string,
  clientId: string,
  peer: ScramPeer,
  more: mqtt.IClientOptions = {},
): Promise<{ readonly code: number; readonly client: MqttClient }> {
  return new Promise((resolve, reject) => {
    const client = mqtt.connect(url, {
      ...more,
      clientId,
      protocolVersion: 5,
      reconnectPeriod: 0,
      connectTimeout: 20_000,
      properties: { authenticationMethod: peer.mechanism, authenticationData: peer.first },
    });
    client.handleAuth = (packet, callback) => {
      const question = packet.properties?.authenticationData ?? Buffer.alloc(0);
      callback(undefined, authPacket(0x18, peer.mechanism, peer.final(question)));
    };
    client.once('connect', () => {
      resolve({ code: 0, client });
    });
    client.once('error', (error) => {
      const code = (error as { code?: unknown }).code;
      if (typeof code === 'number') resolve({ code, client });
      else reject(error);
    });
    client.once('close', () => {
      reject(new Error('closed without a CONNACK'));
    });
  });
}
