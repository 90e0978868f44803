import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import type * as Ldapts from 'ldapts';
import { driver } from './driver.ts';
import { codeText, SUCCESS } from './ldap-codes.ts';
import { messageBytes, readMessage, type LdapMessage } from './ldap-wire.ts';
import { errorCodeOf } from './source-errors.ts';

/** The library's side of the protocol: requests and filters as bytes. */
export const ldapts = driver('ldapts') as () => typeof Ldapts;

/** Bytes that one answer may have; a device's entry has a few hundred. */
const LDAP_ANSWER_BYTES_MAX = 1_048_576;

/** RFC 4511 §4.14.1. */
const START_TLS = '1.3.6.1.4.1.1466.20037';

/** The kernel asks after so many milliseconds of silence whether the directory is still there. */
const KEEP_ALIVE_MS = 30_000;

/** Message IDs go up to 2³¹−1 (RFC 4511 §4.1.1.1); a connection that has used these many begins anew. */
const MESSAGE_ID_MAX = 2_147_483_647;

/** Where a directory is and how it is spoken to. */
export interface LdapTarget {
  readonly host: string;
  readonly port: number;
  /** `tls`: from the first byte on (LDAPS); `starttls`: after asking for it. */
  readonly security: 'none' | 'starttls' | 'tls';
  /** For `starttls` and `tls`. */
  readonly tls: ConnectionOptions;
}

/** What came of a request: all messages that answer it, the last one a result, or why there are none. */
export type LdapReply =
  | { readonly ok: true; readonly messages: readonly LdapMessage[]; readonly code: number }
  /** `lost`: the connection ended before an answer came, and the request may be made again on another. */
  | { readonly ok: false; readonly lost: boolean; readonly problem: string };

const CLOSED = 'the directory closed the connection';

interface Pending {
  readonly id: number;
  readonly messages: LdapMessage[];
  readonly settle: (reply: LdapReply) => void;
}

/** One connection to a directory; it does one request at a time. */
export class LdapConnection {
  #socket: Socket;
  #received: Buffer = Buffer.alloc(0);
  #pending: Pending | undefined;
  #lastId = 0;
  #ended: string | undefined;
  #unlisten: () => void;
  readonly #onEnd: (() => void)[] = [];

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.#unlisten = this.#listen(socket);
  }

  /** Connects, and speaks TLS where that is wanted; rejects with what kept it from that. `signal` gives it up. */
  static async open(target: LdapTarget, signal: AbortSignal): Promise<LdapConnection> {
    const socket = await connected(
      target.security === 'tls'
        ? connectTls({ ...target.tls, ...namesOf(target), host: target.host, port: target.port })
        : connectPlain({ host: target.host, port: target.port }),
      target.security === 'tls' ? 'secureConnect' : 'connect',
      signal,
    );
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
    const connection = new LdapConnection(socket);
    if (target.security === 'starttls') await connection.#startTls(target, signal);
    return connection;
  }

  get isOpen(): boolean {
    return this.#ended === undefined && this.#lastId < MESSAGE_ID_MAX;
  }

  /** Calls back once, when the connection has ended, however that came. */
  onEnd(run: () => void): void {
    if (this.#ended === undefined) this.#onEnd.push(run);
    else run();
  }

  /** A simple bind (RFC 4511 §4.2). */
  bind(dn: string, password: string): Promise<LdapReply> {
    return this.#ask((messageId) => new (ldapts().BindRequest)({ messageId, dn, password }).write());
  }

  search(options: {
    readonly base: string;
    readonly filter: string;
    readonly scope: 'base' | 'one' | 'sub';
    readonly attributes: readonly string[];
    readonly sizeLimit: number;
    readonly timeLimitSeconds: number;
  }): Promise<LdapReply> {
    return this.#ask((messageId) =>
      new (ldapts().SearchRequest)({
        messageId,
        baseDN: options.base,
        scope: options.scope,
        filter: ldapts().FilterParser.parseString(options.filter),
        attributes: [...options.attributes],
        sizeLimit: options.sizeLimit,
        timeLimit: options.timeLimitSeconds,
      }).write(),
    );
  }

  /** Takes leave (RFC 4511 §4.3) and ends it. */
  close(): void {
    if (this.#ended !== undefined) return;
    this.#socket.write(new (ldapts().UnbindRequest)({ messageId: this.#lastId + 1 }).write());
    this.#end('closed', true, (socket) => {
      socket.destroySoon();
    });
  }

  async #startTls(target: LdapTarget, signal: AbortSignal): Promise<void> {
    const giveUp = (): void => {
      this.close();
    };
    signal.addEventListener('abort', giveUp, { once: true });
    const reply = await this.#ask((messageId) =>
      new (ldapts().ExtendedRequest)({ messageId, oid: START_TLS }).write(),
    );
    signal.removeEventListener('abort', giveUp);
    if (!reply.ok) throw new Error(reply.problem);
    if (reply.code !== SUCCESS) {
      this.close();
      throw new StartTlsError(`STARTTLS: ${codeText(reply.code)}`);
    }
    // What came behind the answer came in the clear: somebody on the way would have it believed.
    if (this.#received.length > 0) {
      this.close();
      throw new StartTlsError('STARTTLS: bytes in the clear behind the answer');
    }
    const plain = this.#socket;
    this.#unlisten();
    // From here on the TLS socket tells what happens.
    plain.on('error', () => undefined);
    const secure = connectTls({ ...target.tls, ...namesOf(target), host: target.host, socket: plain });
    this.#socket = await connected(secure, 'secureConnect', signal);
    this.#unlisten = this.#listen(this.#socket);
  }

  /** Returns what takes the listeners away again. */
  #listen(socket: Socket): () => void {
    const data = (bytes: Buffer): void => {
      this.#take(bytes);
    };
    const error = (cause: Error): void => {
      this.#end(errorCodeOf(cause), true);
    };
    const close = (): void => {
      this.#end(CLOSED, true);
    };
    socket.on('data', data).on('error', error).on('close', close);
    return () => {
      socket.off('data', data).off('error', error).off('close', close);
    };
  }

  #ask(write: (messageId: number) => Buffer): Promise<LdapReply> {
    return new Promise((settle) => {
      if (this.#ended !== undefined) {
        settle({ ok: false, lost: true, problem: this.#ended });
        return;
      }
      const id = this.#lastId + 1;
      const request = write(id);
      this.#lastId = id;
      this.#pending = { id, messages: [], settle };
      this.#socket.write(request);
    });
  }

  #take(data: Buffer): void {
    this.#received = this.#received.length === 0 ? data : Buffer.concat([this.#received, data]);
    while (this.#received.length > 0 && this.#ended === undefined) {
      const length = messageBytes(this.#received);
      if (length === undefined) return;
      if (length === 'malformed' || length > LDAP_ANSWER_BYTES_MAX) {
        this.#end(length === 'malformed' ? 'no LDAP is spoken there' : 'the answer is too large', false);
        return;
      }
      if (this.#received.length < length) return;
      const message = readMessage(this.#received.subarray(0, length));
      this.#received = this.#received.subarray(length);
      this.#answer(message);
    }
  }

  #answer(message: LdapMessage | undefined): void {
    if (message === undefined) {
      this.#end('the answer is damaged', false);
      return;
    }
    const pending = this.#pending;
    // Message ID 0 is a notice of disconnection (RFC 4511 §4.4.1); an answer to nothing is no better.
    if (pending?.id !== message.id) {
      this.#end('the directory takes its leave', true);
      return;
    }
    pending.messages.push(message);
    if (pending.messages.length > MESSAGES_MAX) this.#end('the answer is too large', false);
    if (message.kind !== 'result') return;
    this.#pending = undefined;
    pending.settle({ ok: true, messages: pending.messages, code: message.code });
  }

  #end(problem: string, lost: boolean, leave = (socket: Socket): void => void socket.destroy()): void {
    if (this.#ended !== undefined) return;
    this.#ended = problem;
    leave(this.#socket);
    const pending = this.#pending;
    this.#pending = undefined;
    pending?.settle({ ok: false, lost, problem });
    for (const run of this.#onEnd.splice(0)) run();
  }
}

/** Messages of one answer: two entries are asked for, and references are few. */
const MESSAGES_MAX = 64;

/** The directory would not speak TLS, or not safely; the message says why and holds no secret. */
class StartTlsError extends Error {
  override readonly name = 'StartTlsError';
  readonly code: string;

  constructor(problem: string) {
    super(problem);
    this.code = problem;
  }
}

/** What the server is asked for by name (SNI): an address is none. */
const namesOf = ({ host, tls }: LdapTarget): ConnectionOptions =>
  tls.servername !== undefined || isIP(host) !== 0 ? {} : { servername: host };

/** The socket as soon as it stands; rejects with what kept it from that. */
function connected(socket: Socket, event: 'connect' | 'secureConnect', signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const over = (): void => {
      signal.removeEventListener('abort', giveUp);
      socket.off(event, stands).off('close', closed).off('error', failed);
    };
    const stands = (): void => {
      over();
      resolve(socket);
    };
    const failed = (error: Error): void => {
      over();
      // One that is given up may fail once more, and nobody cares.
      socket.on('error', () => undefined);
      socket.destroy();
      reject(error);
    };
    const closed = (): void => {
      failed(new Error(CLOSED));
    };
    const giveUp = (): void => {
      failed(new Error('given up'));
    };
    socket.on(event, stands).on('close', closed).on('error', failed);
    if (signal.aborted) giveUp();
    else signal.addEventListener('abort', giveUp, { once: true });
  });
}
