import {
  isLdapFault,
  type LdapBindAnswer,
  type LdapDirectory,
  type LdapEntry,
  type LdapFault,
  type LdapSearchAnswer,
  type Secret,
} from '@gatehouse/auth-core';
import {
  codeText,
  isOutOfService,
  isRejection,
  NO_SUCH_OBJECT,
  SIZE_LIMIT_EXCEEDED,
  SUCCESS,
  TIME_LIMIT_EXCEEDED,
} from './ldap-codes.ts';
import { LdapConnection, ldapts, type LdapReply } from './ldap-connection.ts';
import { LdapPool } from './ldap-pool.ts';
import {
  type SourceAddress,
  type SourcePool,
  type SourceProbe,
  type SourceTls,
  tlsOptionsOf,
} from './source-backend.ts';
import { TOO_LATE, within } from './source-deadline.ts';
import { errorCodeOf } from './source-errors.ts';

/** A directory, and how it is asked. */
export interface LdapDirectoryOptions {
  /** Tried in this order whenever a connection is made. */
  readonly servers: readonly SourceAddress[];
  readonly security: 'none' | 'starttls' | 'tls';
  /** For `starttls` and `tls`. */
  readonly tls: SourceTls | undefined;
  /** Account that searches; empty name and password search as nobody. */
  readonly bindDn: string;
  readonly bindPassword: Secret<string>;
  readonly scope: 'base' | 'one' | 'sub';
  /** Names of the attributes that are read. */
  readonly attributes: readonly string[];
  /** Connections at most: so many for searches, and as many again for logins as a client. */
  readonly poolSize: number;
  /** Milliseconds until a connection must stand, TLS and the service account's login included. */
  readonly connectTimeoutMs: number;
  /** Milliseconds until a request must be answered. */
  readonly queryTimeoutMs: number;
}

/** The directory with what an operator wants to know. Nothing here throws or rejects. */
export interface RunningLdapDirectory extends LdapDirectory {
  /** Logs in as the service account on a new connection. */
  readonly probe: () => Promise<SourceProbe>;
  readonly pool: () => SourcePool;
  readonly close: () => Promise<void>;
}

/** Two tell whether there is more than one. */
const ENTRIES_MAX = 2;

/**
 * Opens nothing yet: connections are made when the first client comes, and made again when the directory was away.
 *
 * @example const directory = createLdapDirectory({ servers: [{ host: 'ldap.example', port: 636 }], … });
 */
export function createLdapDirectory(options: LdapDirectoryOptions): RunningLdapDirectory {
  const pooled = (open: () => Promise<LdapConnection | LdapFault>): LdapPool =>
    new LdapPool({ max: options.poolSize, requestMsMax: options.queryTimeoutMs, open });
  const openService = (): Promise<LdapConnection | LdapFault> => connectAsService(options);
  const searches = pooled(openService);
  const logins = pooled(() => connect(options));

  return {
    search: async (question) => {
      const reply = await searches.ask((connection) => connection.search(searchOf(options, question)));
      return isFault(reply) ? reply : entriesOf(reply, options.queryTimeoutMs);
    },
    bindAs: async (dn, password) => {
      const text = textOf(password);
      if (text === undefined) return { result: 'rejected', problem: 'the password is no UTF-8 text' };
      // RFC 4513 §5.1: either of them empty would be an anonymous login, which succeeds.
      if (dn === '' || text === '')
        return { result: 'rejected', problem: 'the name or the password is empty' };
      const reply = await logins.ask((connection) => connection.bind(dn, text));
      return isFault(reply) ? reply : loginOf(reply.code);
    },
    probe: async () => {
      const started = performance.now();
      const made = await openService();
      if ('result' in made) return { ok: false, problem: faultText(made) };
      made.close();
      return { ok: true, ms: Math.round(performance.now() - started) };
    },
    pool: () => sumOf(searches.state, logins.state),
    close: () => {
      searches.close();
      logins.close();
      return Promise.resolve();
    },
  };
}

/** What is wrong with a filter, in words; undefined when nothing is. Placeholders must have been replaced. */
export function ldapFilterProblem(filter: string): string | undefined {
  try {
    if (!isBalanced(filter)) return FILTER_PROBLEM;
    ldapts().FilterParser.parseString(filter);
    return undefined;
  } catch {
    return FILTER_PROBLEM;
  }
}

const FILTER_PROBLEM = 'a filter as RFC 4515 writes it, such as (uid=${username})';

/** One pair of parentheses around everything: the parser takes more than that, and drops it. */
function isBalanced(filter: string): boolean {
  let depth = 0;
  for (const [index, char] of filter.split('').entries()) {
    if (char === '(') depth += 1;
    else if (char === ')') depth -= 1;
    if (depth <= 0 && index < filter.length - 1) return false;
  }
  return depth === 0;
}

type Reply = Extract<LdapReply, { ok: true }>;

const isFault = (reply: Reply | LdapFault): reply is LdapFault => 'result' in reply && isLdapFault(reply);

const faultText = (fault: LdapFault): string =>
  fault.result === 'timeout' ? `no answer within ${fault.ms} ms` : fault.problem;

const MS_PER_SECOND = 1_000;

const searchOf = (
  { scope, attributes, queryTimeoutMs }: LdapDirectoryOptions,
  question: { readonly base: string; readonly filter: string },
): Parameters<LdapConnection['search']>[0] => ({
  ...question,
  scope,
  attributes,
  sizeLimit: ENTRIES_MAX,
  timeLimitSeconds: Math.ceil(queryTimeoutMs / MS_PER_SECOND),
});

function entriesOf({ code, messages }: Reply, timeoutMs: number): LdapSearchAnswer {
  // No entry is there to begin at, so none is below it.
  if (code === NO_SUCH_OBJECT) return { result: 'entries', entries: [] };
  if (code === TIME_LIMIT_EXCEEDED) return { result: 'timeout', ms: timeoutMs };
  if (isOutOfService(code)) return { result: 'unreachable', problem: codeText(code) };
  const entries = messages.flatMap((message): readonly LdapEntry[] =>
    message.kind === 'entry' ? [{ dn: message.dn, attributes: message.attributes }] : [],
  );
  if (code !== SUCCESS && !(code === SIZE_LIMIT_EXCEEDED && entries.length >= ENTRIES_MAX)) {
    return { result: 'bad-result', problem: codeText(code) };
  }
  if (entries.length === 0 && messages.some(({ kind }) => kind === 'reference')) {
    return { result: 'bad-result', problem: 'the directory refers to another server' };
  }
  return { result: 'entries', entries };
}

function loginOf(code: number): LdapBindAnswer {
  if (code === SUCCESS) return { result: 'bound' };
  if (isRejection(code)) return { result: 'rejected', problem: codeText(code) };
  if (isOutOfService(code)) return { result: 'unreachable', problem: codeText(code) };
  return { result: 'bad-result', problem: codeText(code) };
}

/** A password as LDAP sends it (RFC 4513 §5.1.3): text, or nothing that a directory could know. */
function textOf(password: Secret<Uint8Array>): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(password.reveal());
  } catch {
    return undefined;
  }
}

/** A connection to the first server that gives one. */
async function connect(options: LdapDirectoryOptions): Promise<LdapConnection | LdapFault> {
  const problems: string[] = [];
  for (const { host, port } of options.servers) {
    const signal = AbortSignal.timeout(options.connectTimeoutMs);
    const tls = options.tls === undefined ? {} : tlsOptionsOf(options.tls, host);
    try {
      return await LdapConnection.open({ host, port, security: options.security, tls }, signal);
    } catch (error) {
      const late = `no connection within ${options.connectTimeoutMs} ms`;
      problems.push(signal.aborted ? late : errorCodeOf(error));
    }
  }
  return { result: 'unreachable', problem: [...new Set(problems)].join('; ') };
}

/** A connection on which the service account is logged in. */
async function connectAsService(options: LdapDirectoryOptions): Promise<LdapConnection | LdapFault> {
  const made = await connect(options);
  if ('result' in made || options.bindDn === '') return made;
  const reply = await within(
    made.bind(options.bindDn, options.bindPassword.reveal()),
    options.connectTimeoutMs,
  );
  if (reply !== TOO_LATE && reply.ok && reply.code === SUCCESS) return made;
  made.close();
  const late = `no answer within ${options.connectTimeoutMs} ms`;
  const why = reply === TOO_LATE ? late : reply.ok ? codeText(reply.code) : reply.problem;
  return { result: 'unreachable', problem: `the service account could not log in: ${why}` };
}

const sumOf = (a: SourcePool, b: SourcePool): SourcePool => ({
  open: a.open + b.open,
  idle: a.idle + b.idle,
  waiting: a.waiting + b.waiting,
  max: a.max + b.max,
});
