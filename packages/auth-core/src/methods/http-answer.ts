import { DEFAULT_RULES } from '../acl/default-rules.ts';
import type { AclRule } from '../acl/rule.ts';
import type { ReasonCode } from '../reasons/index.ts';
import type { SafeDetail, Verdict } from '../verdict.ts';
import { readStatus } from './http-status.ts';
import { readAcl } from './jwt-acl.ts';

/** What a service answered, or why it did not. */
export type HttpAnswer =
  | {
      readonly result: 'answered';
      readonly status: number;
      /** Undefined: longer than what is read. */
      readonly body: string | undefined;
      /** Of the answer's head; may be anything. */
      readonly contentType: string;
    }
  | { readonly result: 'timeout'; readonly problem: string }
  | { readonly result: 'unreachable'; readonly problem: string }
  /** Something came that is no HTTP. */
  | { readonly result: 'garbled'; readonly problem: string };

/** An answer that came. */
export type Answered = Extract<HttpAnswer, { result: 'answered' }>;

/** What the service says about a client. */
export type HttpReading =
  | { readonly says: 'yes'; readonly grant: GrantedByService; readonly detail: SafeDetail }
  | { readonly says: 'no'; readonly verdict: Verdict };

/** What the service gives a client that it admits. */
export interface GrantedByService {
  readonly superuser: boolean;
  readonly rules: readonly AclRule[];
  /** Milliseconds since the epoch. */
  readonly expiresAt: number | undefined;
  /** As the service wrote it: its placeholders are still to be filled in. */
  readonly mountpoint?: string;
}

const CONTENT_TYPE_CHARS_MAX = 128;
/** What is said of a status that points elsewhere. */
export const REDIRECTED = 'redirects are not followed';

/** The reading of an answer that does not admit. */
export const refusal = (
  outcome: 'deny' | 'ignore' | 'error',
  reason: ReasonCode,
  detail: SafeDetail,
): Extract<HttpReading, { says: 'no' }> => ({ says: 'no', verdict: { outcome, reason, detail } });

/** The head of an answer, for details: its body may repeat the password and is never shown. */
export const headOf = ({ status, body, contentType }: Answered): SafeDetail => ({
  status,
  contentType: contentType.slice(0, CONTENT_TYPE_CHARS_MAX),
  ...(body === undefined ? {} : { bodyCharacters: body.length }),
});

/** The reading of an answer that says nothing that can be read. */
export const badAnswer = (answer: Answered, problem: string) =>
  refusal('error', 'HTTP_BAD_RESPONSE', { ...headOf(answer), problem });

/** The verdict where there is no answer to read. */
export function unanswered(answer: Exclude<HttpAnswer, { result: 'answered' }>): Verdict {
  const reasons = {
    timeout: 'HTTP_TIMEOUT',
    unreachable: 'HTTP_UNREACHABLE',
    garbled: 'HTTP_BAD_RESPONSE',
  } as const;
  return { outcome: 'error', reason: reasons[answer.result], detail: { problem: answer.problem } };
}

/** Reads an answer as EMQX 4.3 does: its status, and the body `ignore` (reference/emqx.md §1.8). */
export function readByStatus(answer: Answered): HttpReading {
  const { status, body } = answer;
  if (status !== 200) {
    const { outcome, reason } = readStatus(status);
    const redirect = status >= 300 && status < 400 ? { problem: REDIRECTED } : {};
    return refusal(outcome, reason, { ...headOf(answer), ...redirect });
  }
  if (body === undefined) return badAnswer(answer, 'the body is longer than what is read');
  if (body === 'ignore') return refusal('ignore', 'HTTP_IGNORED', headOf(answer));
  const { mountpoint = '' } = parsedObject(body) ?? {};
  // Without it the client would see more than it is meant to.
  if (typeof mountpoint !== 'string') return badAnswer(answer, 'the mountpoint is no text');
  return {
    says: 'yes',
    grant: {
      superuser: false,
      rules: DEFAULT_RULES,
      expiresAt: undefined,
      ...(mountpoint === '' ? {} : { mountpoint }),
    },
    detail: headOf(answer),
  };
}

/** What a body says that is a JSON object; with `contract: status` nothing else is read of it. */
export function parsedObject(body: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)
      ? Object.fromEntries(Object.entries(parsed))
      : undefined;
  } catch {
    return undefined;
  }
}

/** Reads an answer as EMQX 5 does: `{result, is_superuser, acl, expire_at}`, or 204; `nowMs` since the epoch. */
export function readByJson(answer: Answered, nowMs: number): HttpReading {
  const { status, body } = answer;
  if (status === 204) {
    return {
      says: 'yes',
      grant: { superuser: false, rules: DEFAULT_RULES, expiresAt: undefined },
      detail: headOf(answer),
    };
  }
  if (status !== 200) {
    const redirect = status >= 300 && status < 400;
    return badAnswer(answer, redirect ? REDIRECTED : 'the status is neither 200 nor 204');
  }
  if (body === undefined) return badAnswer(answer, 'the body is longer than what is read');
  const said = parsedObject(body);
  if (said === undefined) return badAnswer(answer, 'the body is no JSON object');
  switch (said['result']) {
    case 'deny':
      return refusal('deny', 'HTTP_DENIED', headOf(answer));
    case 'ignore':
      return refusal('ignore', 'HTTP_IGNORED', headOf(answer));
    case 'allow':
      return grantedBy(answer, said, nowMs);
    default:
      return badAnswer(answer, 'result is none of allow, deny and ignore');
  }
}

function grantedBy(answer: Answered, said: Readonly<Record<string, unknown>>, nowMs: number): HttpReading {
  const { is_superuser: superuser = false, acl, expire_at: expireAt } = said;
  if (typeof superuser !== 'boolean') return badAnswer(answer, 'is_superuser is neither true nor false');
  const read = acl === undefined ? { rules: DEFAULT_RULES } : readAcl(acl);
  if (read.rules === undefined) return badAnswer(answer, `acl: ${read.problem}`);
  if (expireAt !== undefined && !(typeof expireAt === 'number' && isDate(expireAt))) {
    return badAnswer(answer, 'expire_at is no time in seconds');
  }
  const expiresAt = expireAt === undefined ? undefined : Math.ceil(expireAt * 1_000);
  if (expiresAt !== undefined && expiresAt <= nowMs) {
    const detail = {
      ...headOf(answer),
      problem: 'expire_at has passed',
      expireAt: new Date(expiresAt).toISOString(),
    };
    return refusal('deny', 'HTTP_DENIED', detail);
  }
  return { says: 'yes', grant: { superuser, rules: read.rules, expiresAt }, detail: headOf(answer) };
}

/** Longest date in seconds from the epoch (ECMA-262: 8.64e15 ms). */
const DATE_SECONDS_MAX = 8.64e12;
const isDate = (seconds: number): boolean => seconds >= 0 && seconds <= DATE_SECONDS_MAX;
