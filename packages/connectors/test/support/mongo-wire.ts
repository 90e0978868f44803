import type { MongodbOptions } from '../../src/mongodb.ts';
import { ACCOUNT } from './world.ts';
import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import { createServer, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { BSON, type Document } from 'mongodb';

const OP_REPLY = 1;
const OP_QUERY = 2004;
const OP_MSG = 2013;
const HEADER_BYTES = 16;
const SCRAM_ITERATIONS = 4096;
const NOT_FOUND = 59;

/** What a wire server of the tests does. */
export interface MongoWireOptions {
  readonly documents: Readonly<Record<string, readonly Document[]>>;
  /** Asked for by SCRAM-SHA-256; undefined: everybody may ask. */
  readonly account?: { readonly username: string; readonly password: string };
  /** Its key and certificate: it speaks TLS and nothing else. */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** What it says it is. */
  readonly role?: 'single' | 'mongos' | { readonly replicaSet: string };
  /** Answers a `find` in another way; `silence` never. */
  readonly onFind?: (command: Document) => Document | 'silence' | undefined;
}

export interface MongoWire {
  readonly port: number;
  /** The `find` commands that came, as they were. */
  readonly finds: Document[];
  readonly close: () => Promise<void>;
}

/**
 * A server that speaks as much of MongoDB's wire protocol as the driver needs to look a record up: hello, SCRAM, find,
 * ping. It compares as MongoDB does for `$eq` and `$in` on text, numbers and booleans, and knows no other operator:
 * it proves what the driver is asked to send, not what a real MongoDB makes of it.
 */
export async function startMongoWire(options: MongoWireOptions): Promise<MongoWire> {
  const finds: Document[] = [];
  const sockets = new Set<Socket>();
  let port = 0;
  const serve = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    const session = new Session(options, finds, () => port);
    let buffered = Buffer.alloc(0);
    socket.on('data', (data) => {
      buffered = Buffer.concat([buffered, data]);
      while (buffered.length >= HEADER_BYTES && buffered.length >= buffered.readInt32LE(0)) {
        const message = buffered.subarray(0, buffered.readInt32LE(0));
        buffered = buffered.subarray(message.length);
        const reply = session.answer(message);
        if (reply !== undefined) socket.write(reply);
      }
    });
  };
  const server = options.tls === undefined ? createServer(serve) : createTlsServer(options.tls, serve);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  port = address !== null && typeof address !== 'string' ? address.port : 0;
  return {
    port,
    finds,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => {
          resolve();
        });
      }),
  };
}

/** One connection. */
class Session {
  readonly #options: MongoWireOptions;
  readonly #finds: Document[];
  readonly #port: () => number;
  readonly #scram: Scram | undefined;
  #authenticated: boolean;

  constructor(options: MongoWireOptions, finds: Document[], port: () => number) {
    this.#options = options;
    this.#finds = finds;
    this.#port = port;
    this.#scram = options.account && new Scram(options.account);
    this.#authenticated = options.account === undefined;
  }

  answer(message: Buffer): Buffer | undefined {
    const requestId = message.readInt32LE(4);
    const opcode = message.readInt32LE(12);
    if (opcode === OP_QUERY) {
      const nameEnd = message.indexOf(0, HEADER_BYTES + 4);
      const command = BSON.deserialize(message.subarray(nameEnd + 9));
      return legacyReply(requestId, this.#run(command) ?? {});
    }
    if (opcode !== OP_MSG) throw new Error(`unknown opcode ${String(opcode)}`);
    const reply = this.#run(BSON.deserialize(message.subarray(HEADER_BYTES + 5)));
    return reply && messageReply(requestId, reply);
  }

  #run(command: Document): Document | undefined {
    const [name = ''] = Object.keys(command);
    switch (name.toLowerCase()) {
      case 'hello':
      case 'ismaster':
        return this.#hello();
      case 'saslstart':
      case 'saslcontinue':
        return this.#sasl(command);
      case 'ping':
      case 'endsessions':
        return { ok: 1 };
      case 'find':
        return this.#find(command);
      default:
        return failure(NOT_FOUND, 'CommandNotFound');
    }
  }

  #hello(): Document {
    const { role = 'single', account } = this.#options;
    const me = `127.0.0.1:${String(this.#port())}`;
    const set =
      typeof role === 'string'
        ? {}
        : { setName: role.replicaSet, setVersion: 1, hosts: [me], me, primary: me };
    return {
      ok: 1,
      helloOk: true,
      isWritablePrimary: true,
      ismaster: true,
      minWireVersion: 0,
      maxWireVersion: 21,
      maxBsonObjectSize: 16_777_216,
      maxMessageSizeBytes: 48_000_000,
      maxWriteBatchSize: 100_000,
      ...(role === 'mongos' ? { msg: 'isdbgrid' } : {}),
      ...(account === undefined ? {} : { saslSupportedMechs: ['SCRAM-SHA-256'] }),
      ...set,
    };
  }

  #sasl(command: Document): Document {
    const payload = Buffer.from((command['payload'] as { buffer: Uint8Array }).buffer).toString();
    const result = 'saslStart' in command ? this.#scram?.first(payload) : this.#scram?.last(payload);
    if (result === undefined) return failure(18, 'AuthenticationFailed');
    this.#authenticated = result.done;
    return {
      ok: 1,
      conversationId: 1,
      done: result.done,
      payload: new BSON.Binary(Buffer.from(result.payload)),
    };
  }

  #find(command: Document): Document | undefined {
    if (!this.#authenticated) return failure(13, 'Unauthorized');
    this.#finds.push(command);
    const other = this.#options.onFind?.(command);
    if (other === 'silence') return undefined;
    if (other !== undefined) return other;
    const collection = String(command['find']);
    const filter = (command['filter'] ?? {}) as Document;
    const fields = Object.entries((command['projection'] ?? {}) as Document).filter(
      ([, shown]) => shown === 1,
    );
    const found = (this.#options.documents[collection] ?? []).filter((document) => fits(document, filter));
    const firstBatch = found
      .slice(0, Number(command['limit'] ?? found.length))
      .map((document) =>
        Object.fromEntries(
          fields.flatMap(([name]) => (name in document ? [[name, document[name] as unknown]] : [])),
        ),
      );
    return {
      ok: 1,
      cursor: { id: BSON.Long.ZERO, ns: `${String(command['$db'])}.${collection}`, firstBatch },
    };
  }
}

/** MongoDB's comparison, as far as it goes here: an operator that it does not know is an error of the test. */
function fits(document: Document, filter: Document): boolean {
  return Object.entries(filter).every(([field, condition]) => {
    const value: unknown = document[field] ?? null;
    if (typeof condition !== 'object' || condition === null) return value === condition;
    return Object.entries(condition as Document).every(([operator, operand]) => {
      if (operator === '$eq') return value === operand;
      if (operator === '$in') return (operand as unknown[]).includes(value);
      throw new Error(`unexpected operator ${operator}`);
    });
  });
}

export const failure = (code: number, codeName: string): Document => ({
  ok: 0,
  errmsg: `failed: ${codeName}`,
  code,
  codeName,
});

function messageReply(requestId: number, document: Document): Buffer {
  const body = BSON.serialize(document);
  return Buffer.concat([header(requestId, OP_MSG, body.length + 5), Buffer.alloc(5), body]);
}

function legacyReply(requestId: number, document: Document): Buffer {
  const body = BSON.serialize(document);
  const fields = Buffer.alloc(20);
  fields.writeInt32LE(8, 0);
  fields.writeInt32LE(1, 16);
  return Buffer.concat([header(requestId, OP_REPLY, body.length + fields.length), fields, body]);
}

function header(responseTo: number, opcode: number, bodyBytes: number): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES);
  bytes.writeInt32LE(HEADER_BYTES + bodyBytes, 0);
  bytes.writeInt32LE(1, 4);
  bytes.writeInt32LE(responseTo, 8);
  bytes.writeInt32LE(opcode, 12);
  return bytes;
}

const hmac = (key: Uint8Array, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** The server's half of SCRAM-SHA-256 (RFC 7677). */
class Scram {
  readonly #account: { readonly username: string; readonly password: string };
  readonly #salt = randomBytes(16);
  #clientFirst = '';
  #serverFirst = '';

  constructor(account: { readonly username: string; readonly password: string }) {
    this.#account = account;
  }

  first(payload: string): { readonly payload: string; readonly done: boolean } | undefined {
    this.#clientFirst = payload.replace(/^n,,/, '');
    const [, username, nonce] = /^n=([^,]*),r=(.*)$/.exec(this.#clientFirst) ?? [];
    if (username !== this.#account.username || nonce === undefined) return undefined;
    const salt = this.#salt.toString('base64');
    this.#serverFirst = `r=${nonce}${randomBytes(12).toString('base64')},s=${salt},i=${String(SCRAM_ITERATIONS)}`;
    return { payload: this.#serverFirst, done: false };
  }

  last(payload: string): { readonly payload: string; readonly done: boolean } | undefined {
    const [, withoutProof = '', proof = ''] = /^(.*),p=(.*)$/.exec(payload) ?? [];
    const salted = pbkdf2Sync(this.#account.password, this.#salt, SCRAM_ITERATIONS, 32, 'sha256');
    const message = [this.#clientFirst, this.#serverFirst, withoutProof].join(',');
    const clientKey = hmac(salted, 'Client Key');
    const signature = hmac(createHash('sha256').update(clientKey).digest(), message);
    const expected = Buffer.from(clientKey.map((byte, at) => byte ^ (signature[at] ?? 0)));
    if (expected.toString('base64') !== proof) return undefined;
    return { payload: `v=${hmac(hmac(salted, 'Server Key'), message).toString('base64')}`, done: true };
  }
}

/** As a backend's settings begin, for one server at this port of this machine. */
export const mongodbOptions = (port: number): MongodbOptions => ({
  ...ACCOUNT,
  mode: 'single',
  addresses: [{ host: '127.0.0.1', port }],
  replicaSet: '',
  readPreference: 'primaryPreferred',
  database: 'mqtt',
  authSource: '',
  collection: 'mqtt_user',
  selector: 'username=%u',
  passwordField: 'password',
  saltField: '',
  superuserField: '',
  superuserCollection: '',
  superuserSelector: 'username=%u',
  aclCollection: '',
  aclSelectors: ['username=%u'],
});
