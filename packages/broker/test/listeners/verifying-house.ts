import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt';
import { afterAll, afterEach } from 'vitest';
import { type ClientCertificates, ReplaceableValue } from '../../src/index.ts';
import { ClientPki, type IssuedCertificate } from '../support/client-pki.ts';
import { certificate, type RunningListener, startListener, TLS } from './support.ts';

/** What a client presents. */
export const shown = ({ chain, cert, key }: IssuedCertificate) => ({
  cert: chain === '' ? cert : chain,
  key,
});

/** A listener that verifies its clients, and the certificates of a fleet. */
export class VerifyingHouse {
  readonly pki = new ClientPki();
  readonly root = this.pki.make({ subject: '/O=Acme/CN=Root', isAuthority: true });
  readonly middle = this.pki.make({ subject: '/O=Acme/CN=Middle', issuer: this.root, isAuthority: true });
  readonly pump = this.pki.make({ subject: '/O=Acme/CN=pump-7', issuer: this.middle });
  readonly direct = this.pki.make({ subject: '/O=Acme/OU=Hall 3/CN=pump-8', issuer: this.root });
  readonly clients: MqttClient[] = [];
  #running: RunningListener | undefined;

  /** One for all tests of the file that calls it; the listener is each test's own. */
  static forThisFile(): VerifyingHouse {
    const house = new VerifyingHouse();
    afterEach(() => house.#close());
    afterAll(() => {
      house.pki.remove();
    });
    return house;
  }

  /** Its CA, with these revocation lists. */
  trust(crl = ''): ReplaceableValue<{ ca: string; crl: string }> {
    return new ReplaceableValue({ ca: this.root.cert, crl });
  }

  async start(
    differs: Partial<ClientCertificates> = {},
    identity = {},
    transport: 'tls' | 'wss' = 'tls',
  ): Promise<RunningListener> {
    const clientCertificates: ClientCertificates = {
      trust: this.trust(),
      required: true,
      depthMax: 10,
      reject: 'connack',
      ...differs,
    };
    this.#running = await startListener({ transport, tls: { ...TLS, clientCertificates, identity } });
    return this.#running;
  }

  /** Connects as `dev-1`; resolves to the CONNACK code, 0 is in. */
  async connect(
    { port }: RunningListener,
    client: Pick<IClientOptions, 'cert' | 'key'> & Partial<IClientOptions>,
  ): Promise<{ readonly code: number; readonly client?: MqttClient }> {
    try {
      const connected = await connectAsync(
        `mqtts://127.0.0.1:${port}`,
        { ca: certificate.cert, clientId: 'dev-1', reconnectPeriod: 0, protocolVersion: 5, ...client },
        false,
      );
      this.clients.push(connected);
      return { code: 0, client: connected };
    } catch (error) {
      return { code: (error as { code: number }).code };
    }
  }

  async #close(): Promise<void> {
    for (const client of this.clients.splice(0)) client.end(true);
    await this.#running?.broker.stop();
    this.#running = undefined;
  }
}
