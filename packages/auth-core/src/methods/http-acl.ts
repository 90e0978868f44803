import type { AclAction } from '../acl/rule.ts';
import type { Attempt } from '../attempt.ts';
import { type Answered, readByStatus } from './http-answer.ts';
import { type HttpContract, readAnswer } from './http-contract.ts';
import { type HttpEndpoint, requestOf } from './http-request.ts';
import type { TopicParams } from './http-template.ts';

/** What a service is asked about, beside the client. */
export interface HttpAclQuestion {
  readonly action: Exclude<AclAction, 'all'>;
  readonly topic: string;
  readonly qos: 0 | 1 | 2;
  readonly retain: boolean;
  /** Where the client's topics are mounted: `topic` is without it, as the client wrote it. */
  readonly mountpoint?: string | undefined;
}

/** `ignore`: it has no opinion; `error`: it could not be asked, or what it answered cannot be read. */
export type HttpAclAnswer = 'allow' | 'deny' | 'ignore' | 'error';

export interface HttpAclOptions {
  readonly endpoint: HttpEndpoint;
  readonly contract: HttpContract;
  /** Milliseconds for one question. */
  readonly answerMsMax: number;
}

/** EMQX's number for what is asked, and its texts for the rest. */
const topicParams = ({ action, topic, qos, retain, mountpoint }: HttpAclQuestion): TopicParams => ({
  '%A': action === 'subscribe' ? 1 : 2,
  '%t': topic,
  '%m': mountpoint,
  '${action}': action,
  '${topic}': topic,
  '${qos}': qos,
  '${retain}': retain,
  '${mountpoint}': mountpoint,
});

/** Asks a service about one topic (reference/emqx.md §1.8, `acl_req`). Never throws or rejects. */
export async function askHttpAcl(
  { endpoint, contract, answerMsMax }: HttpAclOptions,
  attempt: Attempt,
  question: HttpAclQuestion,
): Promise<HttpAclAnswer> {
  const request = requestOf(endpoint, attempt, topicParams(question));
  if (request === undefined) return 'error';
  const answer = await endpoint.service.ask(request, answerMsMax);
  if (answer.result !== 'answered') return 'error';
  return contract === 'status' ? byStatus(answer) : byResult(contract, answer);
}

/** 200 allows unless its body is `ignore`; any other status denies, as in EMQX 4.3. */
function byStatus(answer: Answered): HttpAclAnswer {
  if (answer.status !== 200) return 'deny';
  const reading = readByStatus(answer);
  if (reading.says === 'yes') return 'allow';
  return reading.verdict.outcome === 'ignore' ? 'ignore' : 'error';
}

/** `{result}`, or an answer without a body that allows; what else the answer says is for logins. */
function byResult(contract: HttpContract, answer: Answered): HttpAclAnswer {
  const reading = readAnswer(contract, answer, 0);
  if (reading.says === 'yes') return 'allow';
  const { outcome } = reading.verdict;
  return outcome === 'deny' || outcome === 'ignore' ? outcome : 'error';
}
