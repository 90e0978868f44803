import type { AclRule } from '../acl/rule.ts';
import { usernameOf } from '../anonymous.ts';
import type { Attempt } from '../attempt.ts';
import { andThen } from '../maybe-promise.ts';
import type {
  Authenticator,
  Clock,
  Exchange,
  ExchangeStep,
  GuessedIdentity,
  GuessingBudget,
  MaybePromise,
} from '../needs.ts';
import type { ReasonCode } from '../reasons/index.ts';
import { type SafeDetail, tagsOf, type Verdict } from '../verdict.ts';
import {
  type ClientFirst,
  isProblem,
  readClientFinal,
  readClientFirst,
  serverFirst,
  toBase64,
} from './scram-message.ts';
import { saslprep } from './scram-saslprep.ts';
import {
  derivedBytes,
  isProofRight,
  isScramMechanism,
  SCRAM_HASHES,
  SCRAM_RANDOM_BYTES,
  type ScramCrypto,
  type ScramHash,
  type ScramKeys,
  scramKeysProblem,
  type ScramMechanism,
  serverSignature,
} from './scram-secret.ts';
import type { ScramKeysByMechanism } from './scram-stored.ts';

/** A SCRAM credential as the data plane sees it. */
export interface ScramCredential {
  readonly id: string;
  readonly name: string;
  /** As SASLprep has it. */
  readonly username: string;
  /** Admits this client ID alone; null: any. */
  readonly clientId: string | null;
  readonly enabled: boolean;
  /** Milliseconds since the epoch; null never expires. */
  readonly expiresAt: number | null;
  /** Keys by mechanism: one that is not there cannot be used. */
  readonly keys: ScramKeysByMechanism;
  /**
   * The keys before the last change of the password, good until then (milliseconds since the epoch). One exchange asks
   * under one salt: only those that were made with today's can be proved.
   */
  readonly previous?: { readonly keys: ScramKeysByMechanism; readonly validUntil: number };
  readonly superuser: boolean;
  readonly rules: readonly AclRule[];
  /** Global access rules may be about them; absent: none. */
  readonly tags?: readonly string[];
}

/** A record that is there and cannot be read: `unparsable` says why, without any of it. */
export type StoredScramCredential = ScramCredential | { readonly id: string; readonly unparsable: string };

/** Where SCRAM credentials come from. */
export interface ScramCredentials {
  /** The credential of a username (as SASLprep has it); `unavailable` when the store cannot be asked. */
  find(username: string): MaybePromise<StoredScramCredential | undefined | 'unavailable'>;
}

export interface ScramOptions {
  readonly name: string;
  /** Those that are offered. */
  readonly mechanisms: readonly ScramMechanism[];
  readonly credentials: ScramCredentials;
  readonly crypto: ScramCrypto;
  readonly budget: GuessingBudget;
  readonly clock: Pick<Clock, 'now'>;
  /** Iterations told to who is unknown: those that new credentials get. */
  readonly iterations: number;
  /** Makes salts for who is unknown: bytes that nobody else knows, the same for all nodes and after a restart. */
  readonly secret: () => Uint8Array;
}

/**
 * The authenticator over SCRAM credentials (auth.md §4): it serves clients that ask for enhanced authentication, all
 * others are the next step's business.
 */
export const createScram = (options: ScramOptions): Authenticator => ({
  name: options.name,
  type: 'scram',
  check: () => ({
    outcome: 'ignore',
    reason: 'SCRAM_NOT_USED',
    detail: { offered: options.mechanisms },
  }),
  exchange: createScramExchange(options),
});

/**
 * SCRAM-SHA-256 and -512 (RFC 5802, RFC 7677) without channel binding, which MQTT has no place for. An unknown user goes
 * through an exchange of the same shape and work as anybody else, and learns nothing from it. What is refused is
 * answered without data: the reason is for the operator.
 */
export function createScramExchange(options: ScramOptions): Exchange {
  return {
    begin: (method, attempt, data) => {
      const { mechanisms } = options;
      if (!isScramMechanism(method) || !mechanisms.includes(method)) {
        const verdict = { outcome: 'ignore', reason: 'SCRAM_METHOD_UNSUPPORTED' } as const;
        return decided({ ...verdict, detail: { asked: shownMethod(method), offered: mechanisms } });
      }
      if (data === undefined || data.length === 0) return refuse('SCRAM_DATA_MISSING', { message: 'first' });
      const first = readClientFirst(data);
      if (isProblem(first)) return refuse('SCRAM_FIRST_MESSAGE_INVALID', { problem: first.problem });
      // Rules may be about the username of CONNECT: it must not be another one than was proved.
      const username = usernameOf(attempt);
      if (username !== undefined && saslprep(username) !== first.username) {
        const problem = 'CONNECT names another user than the exchange';
        return refuse('SCRAM_FIRST_MESSAGE_INVALID', { problem });
      }
      return andThen(options.credentials.find(first.username), (record) =>
        record === 'unavailable' ? UNAVAILABLE : ask({ options, attempt, mechanism: method, first }, record),
      );
    },
  };
}

/** Characters of an unknown method's name that a detail keeps. */
const METHOD_CHARACTERS_MAX = 64;

const shownMethod = (method: string): string => method.slice(0, METHOD_CHARACTERS_MAX);

/** One exchange under way. */
interface Underway {
  readonly options: ScramOptions;
  readonly attempt: Attempt;
  readonly mechanism: ScramMechanism;
  readonly first: ClientFirst;
}

/** Whose proof is awaited: a credential's, or nobody's, for a reason that is told at the end. */
type Awaited =
  | { readonly credential: ScramCredential; readonly keys: ScramKeys }
  | { readonly refusal: Verdict; readonly keys: ScramKeys };

const refusal = (reason: ReasonCode, detail: SafeDetail): Verdict => ({ outcome: 'deny', reason, detail });

const decided = (verdict: Verdict, data?: Uint8Array): ExchangeStep => ({
  outcome: 'decided',
  verdict,
  data,
});

const refuse = (reason: ReasonCode, detail: SafeDetail): ExchangeStep => decided(refusal(reason, detail));

const UNAVAILABLE: ExchangeStep = decided({
  outcome: 'error',
  reason: 'AUTHENTICATOR_ERROR',
  detail: { problem: 'credentials unavailable' },
});

/** Sends salt and iterations, and waits for the proof. */
function ask(exchange: Underway, record: StoredScramCredential | undefined): ExchangeStep {
  const { options, first } = exchange;
  const awaited = awaitedOf(exchange, record);
  const nonce = first.nonce + toBase64(options.crypto.randomBytes(SCRAM_RANDOM_BYTES));
  const question = serverFirst(nonce, awaited.keys.salt, awaited.keys.iterations);
  return {
    outcome: 'continue',
    data: new TextEncoder().encode(question),
    answer: (data) => conclude(exchange, awaited, { nonce, question }, data),
  };
}

function awaitedOf(exchange: Underway, record: StoredScramCredential | undefined): Awaited {
  const { mechanism, attempt } = exchange;
  // Made for everybody: a name that is known must not cost less.
  const dummy = dummyKeys(exchange);
  const nobody = (reason: ReasonCode, detail: SafeDetail): Awaited => ({
    refusal: refusal(reason, detail),
    keys: dummy,
  });
  if (record === undefined) return nobody('SCRAM_UNKNOWN_USER', { mechanism });
  if ('unparsable' in record) {
    return nobody('SCRAM_CREDENTIALS_UNPARSABLE', { credentialId: record.id, problem: record.unparsable });
  }
  const about = { credentialId: record.id, credential: record.name, mechanism };
  if (record.clientId !== null && record.clientId !== attempt.clientId) {
    return nobody('SCRAM_UNKNOWN_USER', { ...about, problem: 'the credential is for another client ID' });
  }
  const keys = record.keys[mechanism];
  if (keys === undefined) {
    return nobody('SCRAM_UNKNOWN_USER', { ...about, problem: 'the credential has no key for the mechanism' });
  }
  const problem = scramKeysProblem(keys, mechanism);
  return problem === undefined
    ? { credential: record, keys }
    : nobody('SCRAM_CREDENTIALS_UNPARSABLE', { ...about, problem });
}

/** Keys of nobody: the same for a name each time, as those of a credential are. */
function dummyKeys({ options, mechanism, first }: Underway): ScramKeys {
  const { crypto, secret, iterations } = options;
  const derive = (what: string): Uint8Array =>
    derivedBytes(crypto, SCRAM_HASHES[mechanism], secret(), `${what}:${mechanism}:${first.username}`);
  return {
    salt: derive('salt').subarray(0, SCRAM_RANDOM_BYTES),
    iterations,
    storedKey: derive('stored'),
    serverKey: derive('server'),
  };
}

/**
 * Takes the proof against the credential as it is now: a client may take its time, and an operator may have changed it
 * meanwhile. Where the keys are others than those that were asked with, nobody can tell what the proof is worth.
 */
function conclude(
  exchange: Underway,
  awaited: Awaited,
  { nonce, question }: { readonly nonce: string; readonly question: string },
  data: Uint8Array | undefined,
): MaybePromise<ExchangeStep> {
  const { options, first } = exchange;
  if (data === undefined || data.length === 0) return refuse('SCRAM_DATA_MISSING', { message: 'final' });
  const final = readClientFinal(data);
  if (isProblem(final)) return refuse('SCRAM_UNEXPECTED_STATE', { problem: final.problem });
  if (final.nonce !== nonce) return refuse('SCRAM_UNEXPECTED_STATE', { problem: 'the nonce is another one' });
  if (final.binding !== first.gs2Header) {
    return refuse('SCRAM_UNEXPECTED_STATE', { problem: 'the GS2 header is another one than at first' });
  }
  const said = { authMessage: `${first.bare},${question},${final.withoutProof}`, proof: final.proof };
  return andThen(options.credentials.find(first.username), (record) => {
    if (record === 'unavailable') return UNAVAILABLE;
    const now = 'credential' in awaited ? awaitedOf(exchange, record) : awaited;
    return isSameQuestion(awaited, now) ? judge(exchange, now, said) : decided({ outcome: 'busy' });
  });
}

const isSameQuestion = ({ keys: a }: Awaited, { keys: b }: Awaited): boolean =>
  a.iterations === b.iterations && toBase64(a.salt) === toBase64(b.salt);

/** Asking the budget, checking and telling it are one step: who leaves before holds no place in it. */
function judge(
  exchange: Underway,
  awaited: Awaited,
  { authMessage, proof }: { readonly authMessage: string; readonly proof: Uint8Array },
): ExchangeStep {
  const { options, attempt, first } = exchange;
  const identity: GuessedIdentity = { by: 'username', value: first.username };
  const admission = options.budget.admit(attempt, [identity]);
  if (admission.result === 'busy') return decided({ outcome: 'busy' });
  if (admission.result === 'refused') {
    const until = new Date(admission.until).toISOString();
    return refuse('TOO_MANY_FAILURES', { until, failures: admission.failures });
  }
  const hash = SCRAM_HASHES[exchange.mechanism];
  const keys = [awaited.keys, ...previousKeys(exchange, awaited)].find((one) =>
    isProofRight(options.crypto, hash, one, { authMessage, proof }),
  );
  if (keys !== undefined && 'credential' in awaited) {
    options.budget.succeeded(attempt, [identity], identity);
    return admit(exchange, { ...awaited, keys }, hash, authMessage);
  }
  options.budget.failed(attempt, [identity]);
  return decided('credential' in awaited ? mismatch(exchange, awaited.credential) : awaited.refusal);
}

/** The keys of the password before, while they are good and what was asked fits them. */
function previousKeys({ options, mechanism }: Underway, awaited: Awaited): readonly ScramKeys[] {
  const previous = 'credential' in awaited ? awaited.credential.previous : undefined;
  const keys = previous?.keys[mechanism];
  if (previous === undefined || keys === undefined) return [];
  const { salt, iterations } = awaited.keys;
  const isAsked = keys.iterations === iterations && options.crypto.equal(keys.salt, salt);
  const isGood = previous.validUntil > options.clock.now() && scramKeysProblem(keys, mechanism) === undefined;
  return isAsked && isGood ? [keys] : [];
}

const aboutCredential = ({ mechanism }: Underway, { id, name }: ScramCredential): SafeDetail => ({
  credentialId: id,
  credential: name,
  mechanism,
});

const mismatch = (exchange: Underway, credential: ScramCredential): Verdict =>
  refusal('SCRAM_PROOF_MISMATCH', aboutCredential(exchange, credential));

/** Told only to who knows the password: whether the credential is still good (auth.md §3). */
function admit(
  exchange: Underway,
  { credential, keys }: Extract<Awaited, { readonly credential: ScramCredential }>,
  hash: ScramHash,
  authMessage: string,
): ExchangeStep {
  const { options } = exchange;
  const about = aboutCredential(exchange, credential);
  const { expiresAt } = credential;
  if (!credential.enabled) return refuse('CREDENTIAL_DISABLED', about);
  if (expiresAt !== null && expiresAt <= options.clock.now()) {
    return refuse('CREDENTIAL_EXPIRED', { ...about, expiresAt: new Date(expiresAt).toISOString() });
  }
  const verdict: Verdict = {
    outcome: 'allow',
    grant: {
      principal: { namespace: options.name, subject: credential.username },
      superuser: credential.superuser,
      rules: credential.rules,
      ...tagsOf(credential),
      credentialId: credential.id,
      bindsClientId: credential.clientId !== null,
      expiresAt: expiresAt ?? undefined,
      rehash: false,
      anonymous: false,
    },
    detail: about,
  };
  const signature = serverSignature(options.crypto, hash, keys, authMessage);
  return decided(verdict, new TextEncoder().encode(`v=${toBase64(signature)}`));
}
