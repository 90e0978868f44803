import type { RememberedAnswers } from '@gatehouse/ports';
import type { Session } from '../session/session.ts';
import { sourceOf, visitAll } from './scan.ts';

/** How many answers of sources about topics count now, and of how many clients. */
export async function countAnswers(sessions: Iterable<Session>): Promise<RememberedAnswers> {
  let answers = 0;
  let clients = 0;
  const complete = await visitAll(sourceOf(sessions[Symbol.iterator]()), (session) => {
    const { answersInForce } = session;
    answers += answersInForce;
    if (answersInForce > 0) clients += 1;
  });
  return { answers, clients, complete };
}
