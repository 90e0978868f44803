import { DEFAULT_RULES } from '../acl/default-rules.ts';
import type { AclRule } from '../acl/rule.ts';
import { usernameOf } from '../anonymous.ts';
import type { Attempt } from '../attempt.ts';
import type { Authenticator, Clock, GuessingBudget } from '../needs.ts';
import { readMountpoint } from '../mountpoint.ts';
import type { Grant, Principal, SafeDetail, Verdict } from '../verdict.ts';
import { refuseThrottled } from './builtin-verdicts.ts';
import { type GrantedByService, unanswered } from './http-answer.ts';
import { type HttpContract, readAnswer } from './http-contract.ts';
import { type HttpEndpoint, type HttpRequest, requestOf } from './http-request.ts';
import { certificateOf, paramsOf, shownParams } from './http-template.ts';

export interface HttpOptions {
  readonly name: string;
  readonly endpoint: HttpEndpoint;
  /** Asked about clients that are admitted, with `contract: status`; 200 makes a superuser. */
  readonly superuser: HttpEndpoint | undefined;
  readonly contract: HttpContract;
  /** What clients may do for whom the answer names no rules; absent: the default rules. */
  readonly rules?: readonly AclRule[] | undefined;
  /** The service is asked about each topic too: there are no rules but those that it or `rules` names. */
  readonly asksAboutTopics?: boolean;
  /** Milliseconds for all that is asked about one client. */
  readonly answerMsMax: number;
  readonly budget: GuessingBudget;
  readonly clock: Pick<Clock, 'now' | 'monotonic'>;
}

/** The authenticator that asks a service over HTTP (auth.md §4). */
export function createHttp(options: HttpOptions): Authenticator {
  return {
    name: options.name,
    type: 'http',
    check(attempt) {
      const request = requestOf(options.endpoint, attempt);
      if (request === undefined) return UNSENDABLE;
      const admission = options.budget.admit(attempt);
      if (admission.result === 'busy') return { outcome: 'busy' };
      if (admission.result === 'refused') return refuseThrottled({ ...admission, result: 'throttled' });
      return decide(options, attempt, request).then(
        (verdict) => {
          tell(options.budget, attempt, verdict);
          return verdict;
        },
        (error: unknown) => {
          options.budget.released(attempt);
          throw error;
        },
      );
    },
  };
}

/** Said before the service is asked: replaced by other characters, the password could be somebody else's. */
const UNSENDABLE: Verdict = {
  outcome: 'deny',
  reason: 'HTTP_DENIED',
  detail: { problem: 'the password is no UTF-8 text, and JSON carries no other; the service was not asked' },
};

async function decide(options: HttpOptions, attempt: Attempt, request: HttpRequest): Promise<Verdict> {
  const { clock, answerMsMax, endpoint } = options;
  const startedAt = clock.monotonic();
  const answer = await endpoint.service.ask(request, answerMsMax);
  if (answer.result !== 'answered') return unanswered(answer);
  const reading = readAnswer(options.contract, answer, clock.now());
  if (reading.says === 'no') return reading.verdict;
  const leftMs = answerMsMax - (clock.monotonic() - startedAt);
  const superuser = await superuserOf(options, attempt, leftMs);
  if (typeof superuser !== 'boolean') return superuser;
  const granted = { ...reading.grant, superuser: reading.grant.superuser || superuser };
  return mount(granted.mountpoint, attempt, {
    outcome: 'allow',
    grant: grantOf(options, attempt, granted),
    detail: reading.detail,
  });
}

/** Fills in the client's names. One that does not fit is refused, never `error`: the next step must not let it in. */
function mount(
  template: string | undefined,
  attempt: Attempt,
  allow: Extract<Verdict, { outcome: 'allow' }>,
): Verdict {
  if (template === undefined) return allow;
  const commonName = certificateOf(attempt)?.commonName;
  const read = readMountpoint(template, {
    username: usernameOf(attempt),
    clientId: attempt.clientId,
    commonName,
  });
  const { grant, detail } = allow;
  if ('unusable' in read)
    return { outcome: 'error', reason: 'HTTP_BAD_RESPONSE', detail: { ...detail, problem: read.unusable } };
  if ('refused' in read)
    return { outcome: 'deny', reason: 'HTTP_DENIED', detail: { ...detail, problem: read.refused } };
  const { mountpoint } = read;
  if (mountpoint === undefined) return allow;
  return { ...allow, grant: { ...grant, mountpoint }, detail: { ...detail, mountpoint } };
}

/** 200 makes a superuser and any other status none; no answer at all is an error, not a "no". */
async function superuserOf(
  { superuser, contract }: HttpOptions,
  attempt: Attempt,
  leftMs: number,
): Promise<boolean | Verdict> {
  if (superuser === undefined || contract !== 'status') return false;
  const request = requestOf(superuser, attempt);
  if (request === undefined) return UNSENDABLE;
  if (leftMs <= 0)
    return unanswered({ result: 'timeout', problem: 'no time was left for the superuser request' });
  const answer = await superuser.service.ask(request, leftMs);
  if (answer.result === 'answered') return answer.status === 200;
  return unanswered({ ...answer, problem: `superuser request: ${answer.problem}` });
}

/** A "no" is a guess that failed; what the service does not know or could not say is none. */
function tell(budget: GuessingBudget, attempt: Attempt, verdict: Verdict): void {
  if (verdict.outcome === 'allow') budget.succeeded(attempt);
  else if (verdict.outcome === 'deny') budget.failed(attempt);
  else budget.released(attempt);
}

function grantOf(
  options: Pick<HttpOptions, 'name' | 'asksAboutTopics' | 'rules'>,
  attempt: Attempt,
  granted: GrantedByService,
): Grant {
  const { name, asksAboutTopics = false } = options;
  const { superuser, expiresAt } = granted;
  // A service that is asked about each topic has no need of rules that would decide before it.
  const { rules: unnamed = asksAboutTopics ? [] : DEFAULT_RULES } = options;
  const rules = granted.rules === DEFAULT_RULES ? unnamed : granted.rules;
  const grant: Grant = {
    superuser,
    rules,
    expiresAt,
    principal: principalOf(name, attempt),
    credentialId: undefined,
    bindsClientId: false,
    rehash: false,
    anonymous: false,
  };
  return asksAboutTopics ? { ...grant, asks: name } : grant;
}

/** The user `a` must not own the sessions of the device whose client ID is `a`. */
function principalOf(name: string, attempt: Attempt): Principal {
  const username = usernameOf(attempt);
  return username === undefined
    ? { namespace: `${name}:clientid`, subject: attempt.clientId }
    : { namespace: name, subject: username };
}

/** What is sent for an attempt and what came of it, secrets masked: for the "test" of the console. */
export async function explainHttp(
  options: Pick<HttpOptions, 'endpoint' | 'contract' | 'clock' | 'answerMsMax'>,
  attempt: Attempt,
): Promise<SafeDetail> {
  const { endpoint, clock } = options;
  const sent = { params: shownParams(paramsOf(endpoint.params, attempt)), form: endpoint.form };
  const request = requestOf(endpoint, attempt);
  if (request === undefined) return { ...sent, problem: 'the password is no UTF-8 text' };
  const startedAt = clock.monotonic();
  const answer = await endpoint.service.ask(request, options.answerMsMax);
  const ms = Math.round(clock.monotonic() - startedAt);
  if (answer.result !== 'answered') return { ...sent, ms, answer: answer.result, problem: answer.problem };
  const { status, contentType, body } = answer;
  return {
    ...sent,
    ms,
    status,
    contentType: contentType.slice(0, 128),
    bodyCharacters: body?.length ?? 'too many',
  };
}
