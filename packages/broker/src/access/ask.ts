import type { AccessAnswer, Attempt, Grant } from '@gatehouse/auth-core';
import type { AclQuestion } from '../config.ts';
import type { OnlineClient } from '../connection/client.ts';
import type { BrokerContext } from '../context.ts';

/** What is asked about, beside who asks. */
export type TopicQuestion = Pick<AclQuestion, 'action' | 'topic' | 'qos' | 'retain'>;

/**
 * Asks a client's source about one topic, and remembers the answer. Where the source has no opinion the rules have the
 * word; where it cannot be asked, nothing is allowed. Never rejects.
 */
export async function askSource(
  context: Pick<BrokerContext, 'access' | 'log'>,
  { session, asker }: Pick<OnlineClient, 'session' | 'asker'>,
  question: TopicQuestion,
  given: AccessAnswer,
): Promise<boolean> {
  const key = `${question.action} ${question.qos} ${question.topic}`;
  const known = session.answers.get(key);
  if (known !== undefined) return known;
  const source = session.grant.asks;
  if (asker === undefined || source === undefined) return false;
  const { mountpoint } = session;
  const answer = await ask(context, { source, attempt: asker, mountpoint, ...question }, given);
  if (answer.isKnown) session.answers.set(key, answer.allowed);
  return answer.allowed;
}

/** Whether a will may be published, where that is the source's to say; undefined: it is not. */
export function askAboutWill(
  context: Pick<BrokerContext, 'access' | 'log'>,
  attempt: Attempt,
  { asks: source, mountpoint }: Pick<Grant, 'asks' | 'mountpoint'>,
  given: AccessAnswer,
): Promise<boolean> | undefined {
  const { will } = attempt;
  if (will === undefined || source === undefined || !given.ask) return undefined;
  const asker = withoutPassword(attempt);
  const question = { source, attempt: asker, mountpoint, action: 'publish', ...will } as const;
  return ask(context, question, given).then(({ allowed }) => allowed);
}

/** Who denied: where the source was asked, it was the source. */
export const deniedBy = (given: AccessAnswer): Pick<AccessAnswer, 'rule' | 'by'> =>
  given.ask ? { rule: null, by: 'source' } : given;

/** The password was for the login. */
export const withoutPassword = (attempt: Attempt): Attempt => ({ ...attempt, password: undefined });

async function ask(
  { access, log }: Pick<BrokerContext, 'access' | 'log'>,
  question: AclQuestion,
  given: AccessAnswer,
): Promise<{ readonly allowed: boolean; readonly isKnown: boolean }> {
  try {
    const answer = (await access.ask?.(question)) ?? 'error';
    if (answer === 'error') return { allowed: false, isKnown: false };
    if (answer === 'unknown') return { allowed: given.allowed, isKnown: false };
    return { allowed: answer === 'ignore' ? given.allowed : answer === 'allow', isKnown: true };
  } catch (err) {
    log.error({ err, source: question.source }, 'a source could not be asked about a topic: it is denied');
    return { allowed: false, isKnown: false };
  }
}
