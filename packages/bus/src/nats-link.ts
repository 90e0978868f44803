import { connect as openSocket, isIP } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { connect, type Msg, type NatsConnection, type Subscription } from '@nats-io/transport-node';
import { type BusAddress } from './bus-url.ts';
import { reasonOf } from './trouble.ts';

/** How long a server may take until it has let us in. */
const CONNECT_MS_MAX = 5_000;
/** Waits between attempts: twice as long each time, up to the second. */
const RETRY_MS_MIN = 100;
const RETRY_MS_MAX = 2_000;
/** The connection is tried that often. */
const PING_MS = 1_000;
/** So many times nothing at all came: the server hangs, or the way there does not carry. */
const SILENT_PINGS_MAX = 3;
/** What the server has not confirmed yet; above it messages are dropped, so that a slow bus takes no memory. */
const PENDING_BYTES_MAX = 64 * 1024 * 1024;
/** A confirmation is asked for after so much. */
const CONFIRM_BYTES = 1024 * 1024;
/** What a NATS server takes by default, until it has told. */
const PAYLOAD_BYTES = 1024 * 1024;

/** What a link needs. */
export interface LinkOptions {
  readonly address: BusAddress;
  /** The name that `nats` tools show for the connection. */
  readonly name: string;
  /** Where answers come, without the last token. */
  readonly answers: string;
  /** Subscribes to everything, on a connection that is new. */
  readonly onOpen: (link: NatsLink) => void;
  readonly onState: (isUp: boolean) => void;
  readonly onTrouble: (text: string) => void;
}

/** One connection to NATS that comes back for ever. */
export class NatsLink {
  readonly #options: LinkOptions;
  readonly #closing = new AbortController();
  readonly #running: Promise<void>;
  #connection: NatsConnection | undefined;
  #isUp = false;
  #trouble: string | undefined;
  /** Why we end the connection: a subscription that the server did not take, or that nothing comes from it. */
  #givenUp: Error | undefined;
  /** Pings since the server last sent anything. */
  #silentPings = 0;
  #flushing: Promise<void> | undefined;
  #unconfirmed = 0;
  #unasked = 0;

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#running = this.#run();
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  get payloadBytesMax(): number {
    return this.#connection?.info?.max_payload ?? PAYLOAD_BYTES;
  }

  /** Whether it is on its way. */
  publish(subject: string, message: Uint8Array): boolean {
    const connection = this.#usable(message.length);
    if (connection === undefined) return false;
    connection.publish(subject, message);
    this.#unconfirmed += message.length;
    this.#unasked += message.length;
    if (this.#unasked >= CONFIRM_BYTES) this.#askToConfirm(connection);
    return true;
  }

  async request(subject: string, message: Uint8Array, timeoutMs: number): Promise<Msg | undefined> {
    try {
      return await this.#usable(message.length)?.request(subject, message, {
        timeout: Math.max(1, timeoutMs),
      });
    } catch {
      // Nobody is there, or not in time, or the connection went: all the same to who asks.
      return undefined;
    }
  }

  /** Undefined while there is no connection: `onOpen` subscribes to everything. */
  subscribe(subject: string, onMessage: (message: Msg) => void): Subscription | undefined {
    const connection = this.#connection;
    if (connection === undefined || connection.isClosed()) return undefined;
    return connection.subscribe(subject, {
      callback: (error, message) => {
        this.#silentPings = 0;
        if (error === null) onMessage(message);
        else this.#givenUp = error;
      },
    });
  }

  /** When the server has what was sent until now; at once when there is none. One question for all that ask in one turn. */
  flush(): Promise<void> {
    this.#flushing ??= Promise.resolve().then(async () => {
      this.#flushing = undefined;
      const connection = this.#connection;
      if (connection === undefined || connection.isClosed()) return;
      await Promise.race([connection.flush(), connection.closed()]).catch(() => undefined);
    });
    return this.#flushing;
  }

  async close(): Promise<void> {
    await this.flush();
    this.#closing.abort();
    await this.#connection?.close();
    await this.#running;
  }

  #usable(bytes: number): NatsConnection | undefined {
    const connection = this.#isUp ? this.#connection : undefined;
    if (connection === undefined || connection.isClosed()) return undefined;
    const isTooMuch = bytes > this.payloadBytesMax || this.#unconfirmed + bytes > PENDING_BYTES_MAX;
    return isTooMuch ? undefined : connection;
  }

  #askToConfirm(connection: NatsConnection): void {
    const bytes = this.#unasked;
    this.#unasked = 0;
    connection.flush().then(
      () => {
        this.#silentPings = 0;
        if (connection === this.#connection) this.#unconfirmed -= bytes;
      },
      // The connection went, and the count with it.
      () => undefined,
    );
  }

  #isGivenUp(): boolean {
    return this.#givenUp !== undefined;
  }

  #isClosing(): boolean {
    return this.#closing.signal.aborted;
  }

  async #run(): Promise<void> {
    let waitMs = RETRY_MS_MIN;
    for (let attempt = 0; !this.#isClosing(); attempt += 1) {
      const { servers } = this.#options.address;
      const server = servers[attempt % servers.length] ?? '';
      const error = await this.#session(server).catch((cause: unknown) => cause);
      if (this.#isClosing()) return;
      if (this.#isUp) {
        waitMs = RETRY_MS_MIN;
        this.#setUp(false);
      }
      this.#connection = undefined;
      this.#tell(`${server}: ${reasonOf(error)}`);
      // Not all nodes at once after the bus was away.
      await delay(waitMs * (0.5 + Math.random() / 2), undefined, { signal: this.#closing.signal }).catch(
        () => undefined,
      );
      waitMs = Math.min(waitMs * 2, RETRY_MS_MAX);
    }
  }

  /** One connection from its start to its end. @returns why it ended. */
  async #session(server: string): Promise<unknown> {
    const connection = await this.#dial(server);
    if (this.#isClosing()) return connection.close();
    this.#connection = connection;
    this.#unconfirmed = 0;
    this.#unasked = 0;
    this.#givenUp = undefined;
    this.#silentPings = 0;
    void this.#watch(connection);
    this.#options.onOpen(this);
    await this.flush();
    // A node that is deaf is not there.
    if (this.#isGivenUp()) await connection.close();
    if (!connection.isClosed()) {
      this.#trouble = undefined;
      this.#setUp(true);
    }
    const pings = setInterval(() => {
      this.#ping(connection);
    }, PING_MS);
    const error = await connection.closed();
    clearInterval(pings);
    return error ?? this.#givenUp;
  }

  /**
   * The library's own pings count answers alone, and those wait behind what was sent before: under load they would end a
   * connection that works. Here whatever comes is a sign of life.
   */
  #ping(connection: NatsConnection): void {
    if (this.#silentPings === SILENT_PINGS_MAX) {
      this.#givenUp = new Error('no answer');
      void connection.close();
      return;
    }
    this.#silentPings += 1;
    connection.flush().then(
      () => {
        this.#silentPings = 0;
      },
      // The connection went.
      () => undefined,
    );
  }

  async #dial(server: string): Promise<NatsConnection> {
    const { address, name, answers } = this.#options;
    const host = server.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
    await speaks(host, Number(server.slice(server.lastIndexOf(':') + 1)), this.#closing.signal);
    const { ca, cert, key, user, password } = address;
    const tls = {
      ...(ca === undefined ? {} : { ca }),
      ...(cert === undefined || key === undefined ? {} : { cert, key }),
      // The client library names no host for an address, and Node would compare the certificate with "localhost".
      ...(isIP(host) === 0 ? {} : { host }),
    };
    return connect({
      servers: [server],
      name,
      inboxPrefix: answers,
      noEcho: true,
      reconnect: false,
      ignoreClusterUpdates: true,
      timeout: CONNECT_MS_MAX,
      noAsyncTraces: true,
      ...(address.tls ? { tls } : {}),
      ...(user === undefined ? {} : password === undefined ? { token: user } : { user, pass: password }),
    });
  }

  async #watch(connection: NatsConnection): Promise<void> {
    for await (const status of connection.status()) {
      // What comes before that is told when it has ended the attempt.
      if (status.type === 'error' && this.#isUp) this.#tell(reasonOf(status.error));
    }
  }

  #setUp(isUp: boolean): void {
    this.#isUp = isUp;
    this.#options.onState(isUp);
  }

  /** Once for each kind of trouble until the connection is there again. */
  #tell(text: string): void {
    if (text === this.#trouble || this.#isClosing()) return;
    this.#trouble = text;
    this.#options.onTrouble(text);
  }
}

/**
 * Resolves when a server greets, as NATS does before anything is asked. The client library leaves its socket open when one
 * takes the connection and then says nothing, as a server that hangs does; this one does not.
 */
function speaks(host: string, port: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = openSocket({ host, port });
    const abandon = (): void => {
      end(new Error('no longer wanted'));
    };
    const end = (error?: Error): void => {
      signal.removeEventListener('abort', abandon);
      socket.removeAllListeners();
      // A reset after this is of no interest, but an error without a listener would end the process.
      socket.on('error', () => undefined);
      socket.destroy();
      if (error === undefined) resolve();
      else reject(error);
    };
    signal.addEventListener('abort', abandon);
    socket.setTimeout(CONNECT_MS_MAX);
    socket.once('timeout', () => {
      end(new Error('no answer'));
    });
    socket.once('error', end);
    socket.once('close', () => {
      end(new Error('it ended the connection'));
    });
    socket.once('data', (data) => {
      end(data.toString('latin1').startsWith('INFO ') ? undefined : new Error('it does not speak NATS'));
    });
  });
}
