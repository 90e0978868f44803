import { createRequire } from 'node:module';
import {
  aclRule,
  type AclAction,
  type AclRule,
  type Attempt,
  type BackendFault,
  isTrue,
  type RecordAnswer,
  type RulesAnswer,
  SOURCE_RULES_MAX,
  type SuperuserAnswer,
} from '@gatehouse/auth-core';
import type * as mongodb from 'mongodb';
import type { Document, MongoClient, MongoClientOptions, ReadPreferenceMode } from 'mongodb';
import { mongoFilter, parseMongoSelector, type MongoSelector } from './mongodb-selector.ts';
import {
  type SourceAddress,
  type SourceBackend,
  type SourceConnection,
  tlsOptionsOf,
} from './source-backend.ts';
import { TOO_LATE, within } from './source-deadline.ts';
import { badResult, errorCodeOf, faultText } from './source-errors.ts';
import { asksByOf } from './source-placeholders.ts';

export interface MongodbOptions extends SourceConnection {
  readonly mode: 'single' | 'rs' | 'sharded';
  readonly addresses: readonly SourceAddress[];
  readonly replicaSet: string;
  readonly readPreference: ReadPreferenceMode;
  readonly database: string;
  readonly authSource: string;
  readonly collection: string;
  readonly selector: string;
  readonly passwordField: string;
  /** Empty: there is none. */
  readonly saltField: string;
  /** Empty: nobody is one. */
  readonly superuserField: string;
  /** Where that field is looked for. Empty: in the record itself. */
  readonly superuserCollection: string;
  readonly superuserSelector: string;
  /** Empty: the backend holds no rules. */
  readonly aclCollection: string;
  /** Asked one after the other; all that they find counts. */
  readonly aclSelectors: readonly string[];
}

const GRACE_MS = 200;
const HEARTBEAT_MS = 10_000;
const RECORDS_MAX = 2;
/** What the driver calls a statement that its server stopped for its time. */
const STOPPED_CODE = 50;
/** Authentication failed. */
const REFUSED_CODE = 18;
const SLOW = new Set([
  'MongoNetworkTimeoutError',
  'MongoWaitQueueTimeoutError',
  'MongoOperationTimeoutError',
]);

/** Documents that were found, or why there is no answer. */
type Found = { readonly result: 'documents'; readonly documents: readonly Document[] } | BackendFault;
type Find = (
  collection: string,
  filter: Document,
  fields: readonly string[],
  limit: number,
) => Promise<Found>;

/** The driver takes 8 MiB of each thread that loads it: only a thread that asks MongoDB does. */
const driver = (): Driver => load('mongodb') as Driver;
const load = createRequire(import.meta.url);
type Driver = typeof mongodb;

/** The lookups over MongoDB (reference/emqx.md §1.6). Opens nothing before the first question. */
export function createMongodbBackend(options: MongodbOptions): SourceBackend {
  const selector = selectorOf(options.selector);
  const aclSelectors = options.aclCollection === '' ? [] : options.aclSelectors.map(selectorOf);
  const { client, pool } = clientOf(options);
  const find = finder(client, options, pool);
  const superusers = options.superuserCollection === '' ? undefined : selectorOf(options.superuserSelector);
  const ofRecord = superusers === undefined ? options.superuserField : '';
  const fields = [options.passwordField, options.saltField, ofRecord].filter((one) => one !== '');
  return {
    asksBy: asksByOf(selector.placeholders),
    shown: { collection: options.collection, selector: selector.shown },
    find: async (attempt) => {
      const filter = mongoFilter(selector, attempt);
      if (filter === undefined) return { result: 'none' };
      return recordOf(options, ofRecord, await find(options.collection, filter, fields, RECORDS_MAX));
    },
    ...(superusers !== undefined && {
      superuser: async (attempt: Attempt) => {
        const found = await findEach(find, options.superuserCollection, [superusers], attempt, [
          options.superuserField,
        ]);
        return superuserOf(options.superuserField, found);
      },
    }),
    ...(aclSelectors.length > 0 && {
      rules: async (attempt: Attempt) =>
        rulesOf(await findEach(find, options.aclCollection, aclSelectors, attempt, RULE_FIELDS)),
    }),
    probe: async () => {
      const startedAt = performance.now();
      const answer = await find(options.collection, { _id: { $in: [] } }, ['_id'], 1);
      return answer.result === 'documents'
        ? { ok: true, ms: Math.round(performance.now() - startedAt) }
        : { ok: false, problem: faultText(answer) };
    },
    pool: () => ({
      open: pool.open,
      idle: Math.max(0, pool.open - pool.busy),
      waiting: Math.max(0, pool.asked - pool.busy),
      max: options.poolSize,
    }),
    close: () => client.close().catch(() => undefined),
  };
}

/** The documents of a collection, selector by selector; one without a value for this client finds none. */
async function findEach(
  find: Find,
  collection: string,
  selectors: readonly MongoSelector[],
  attempt: Attempt,
  fields: readonly string[],
): Promise<Found> {
  const documents: Document[] = [];
  for (const selector of selectors) {
    const filter = mongoFilter(selector, attempt);
    if (filter === undefined) continue;
    const found = await find(collection, filter, fields, SOURCE_RULES_MAX + 1);
    if (found.result !== 'documents') return found;
    documents.push(...found.documents);
  }
  return { result: 'documents', documents };
}

function selectorOf(text: string): MongoSelector {
  const selector = parseMongoSelector(text);
  if ('found' in selector) throw new TypeError('the selector was not checked');
  return selector;
}

interface Pool {
  open: number;
  busy: number;
  asked: number;
}

function clientOf(options: MongodbOptions): { readonly client: MongoClient; readonly pool: Pool } {
  const hosts = options.addresses.map(
    ({ host, port }) => `${host.includes(':') ? `[${host}]` : host}:${String(port)}`,
  );
  const client = new (driver().MongoClient)(`mongodb://${hosts.join(',')}/`, driverOptions(options));
  const pool: Pool = { open: 0, busy: 0, asked: 0 };
  client.on('connectionCreated', () => (pool.open += 1));
  client.on('connectionClosed', () => (pool.open -= 1));
  client.on('connectionCheckedOut', () => (pool.busy += 1));
  client.on('connectionCheckedIn', () => (pool.busy -= 1));
  return { client, pool };
}

function driverOptions(options: MongodbOptions): MongoClientOptions {
  const { tls, username } = options;
  return {
    appName: 'gatehouse',
    directConnection: options.mode === 'single',
    ...(options.mode === 'rs' ? { replicaSet: options.replicaSet } : {}),
    readPreference: options.readPreference,
    maxPoolSize: options.poolSize,
    connectTimeoutMS: options.connectTimeoutMs,
    serverSelectionTimeoutMS: options.connectTimeoutMs,
    socketTimeoutMS: options.queryTimeoutMs + GRACE_MS,
    waitQueueTimeoutMS: options.queryTimeoutMs,
    heartbeatFrequencyMS: HEARTBEAT_MS,
    monitorCommands: false,
    ...(username === ''
      ? {}
      : {
          auth: { username, password: options.password.reveal() },
          authSource: options.authSource === '' ? options.database : options.authSource,
        }),
    ...(tls && { tls: true, ...tlsOptionsOf(tls) }),
  };
}

function finder(client: MongoClient, options: MongodbOptions, pool: Pool): Find {
  return async (collection, filter, fields, limit) => {
    const projection = Object.fromEntries([['_id', 0], ...fields.map((field) => [field, 1] as const)]);
    pool.asked += 1;
    try {
      const cursor = client
        .db(options.database)
        .collection(collection)
        .find(filter, { projection, limit, maxTimeMS: options.queryTimeoutMs, singleBatch: true });
      const ms = options.connectTimeoutMs + options.queryTimeoutMs + GRACE_MS;
      const documents = await within(cursor.toArray(), ms);
      if (documents !== TOO_LATE) return { result: 'documents', documents };
      await within(cursor.close(), GRACE_MS).catch(() => undefined);
      return { result: 'timeout', ms };
    } catch (error) {
      return faultOf(error, options.queryTimeoutMs);
    } finally {
      pool.asked -= 1;
    }
  };
}

function faultOf(error: unknown, timeoutMs: number): BackendFault {
  if (error instanceof driver().MongoServerError) {
    if (error.code === STOPPED_CODE) return { result: 'timeout', ms: timeoutMs };
    const code = errorCodeOf(error);
    if (error.code === REFUSED_CODE) return { result: 'unreachable', problem: code };
    return badResult(`the database refused the question: ${code}`);
  }
  const name = error instanceof Error ? error.name : '';
  if (SLOW.has(name)) return { result: 'timeout', ms: timeoutMs };
  return { result: 'unreachable', problem: causeOf(error) };
}

/** The system's code below the driver's own errors, or their name. */
function causeOf(error: unknown): string {
  const found = nested(error).find((one) => typeof (one as { code?: unknown }).code === 'string');
  return errorCodeOf(found ?? error);
}

/** Errors behind an error: its cause, and what each server of a topology failed with. */
function nested(error: unknown, depth = 0): readonly object[] {
  const DEPTH_MAX = 4;
  if (typeof error !== 'object' || error === null || depth > DEPTH_MAX) return [];
  const { cause, reason } = error as { readonly cause?: unknown; readonly reason?: unknown };
  const servers =
    typeof reason === 'object' && reason !== null && 'servers' in reason && reason.servers instanceof Map
      ? [...reason.servers.values()].map((server: unknown) => (server as { error?: unknown }).error)
      : [];
  return [error, ...[cause, ...servers].flatMap((one) => nested(one, depth + 1))];
}

function recordOf(options: MongodbOptions, superuserField: string, answer: Found): RecordAnswer {
  if (answer.result !== 'documents') return answer;
  const [document, second] = answer.documents;
  if (document === undefined) return { result: 'none' };
  const columns = Object.keys(document);
  if (second !== undefined) return badResult('more than one document', columns);
  const password = textAt(document, options.passwordField);
  const salt = options.saltField === '' ? null : textAt(document, options.saltField);
  if (password === undefined) return badResult('the field of the password holds no text', columns);
  if (salt === undefined) return badResult('the field of the salt holds no text', columns);
  const superuser = superuserField === '' ? undefined : isTrue(valueAt(document, superuserField));
  return { result: 'record', record: { password, salt, superuser, columns } };
}

/** Whether any of the documents says so; a client of whom there is none is no superuser. */
const superuserOf = (field: string, answer: Found): SuperuserAnswer =>
  answer.result === 'documents'
    ? {
        result: 'superuser',
        superuser: answer.documents.some((document) => isTrue(valueAt(document, field))),
      }
    : answer;

/** A field, or one of an inner document where its name has dots. */
function valueAt(document: Document, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (value, key) =>
        typeof value === 'object' && value !== null && Object.hasOwn(value, key)
          ? (value as Document)[key]
          : undefined,
      document,
    );
}

/** Undefined for what is no text; null where there is nothing. */
function textAt(document: Document, path: string): string | null | undefined {
  const value = valueAt(document, path);
  if (value === undefined || value === null) return null;
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? String(value) : undefined;
}

const RULE_ACTIONS: Readonly<Record<string, AclAction>> = {
  publish: 'publish',
  subscribe: 'subscribe',
  pubsub: 'all',
};
const RULE_FIELDS = Object.keys(RULE_ACTIONS);

/** Documents with lists of topic filters; all of them allow. */
function rulesOf(answer: Found): RulesAnswer {
  if (answer.result !== 'documents') return answer;
  const rules: AclRule[] = [];
  for (const document of answer.documents) {
    for (const [field, action] of Object.entries(RULE_ACTIONS)) {
      const value: unknown = document[field];
      const topics: readonly unknown[] = value === undefined || value === null ? [] : [value].flat();
      for (const topic of topics) {
        if (typeof topic !== 'string' || topic === '') return badResult(`the list "${field}" holds no texts`);
        rules.push(aclRule('allow', action, topic));
        if (rules.length > SOURCE_RULES_MAX) return badResult(`more than ${String(SOURCE_RULES_MAX)} rules`);
      }
    }
  }
  return { result: 'rules', rules };
}
