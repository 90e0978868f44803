import {
  isLdapFault,
  questionFor,
  schemeOf,
  storedPasswords,
  type Attempt,
  type LdapOptions,
  type SafeDetail,
} from '@gatehouse/auth-core';

/** Names of attributes that are listed; an entry may have hundreds. */
const NAMES_MAX = 64;

/** The search for this client as it is sent, and what came back: names and schemes, never a stored value. */
export async function explainLdap(
  { search, attributes, directory, bindAsUser }: LdapOptions,
  attempt: Attempt,
): Promise<SafeDetail> {
  const question = questionFor(search, attempt);
  if ('problem' in question) return { problem: question.problem };
  const asked: SafeDetail = { ...question };
  const answer = await directory.search(question);
  if (isLdapFault(answer)) {
    const problem = answer.result === 'timeout' ? `no answer within ${answer.ms} ms` : answer.problem;
    return { ...asked, problem };
  }
  const [entry, another] = answer.entries;
  if (entry === undefined) return { ...asked, entries: 0 };
  return {
    ...asked,
    entries: another === undefined ? 1 : 'more than one',
    entry: entry.dn,
    attributes: [...entry.attributes.keys()].slice(0, NAMES_MAX),
    ...(bindAsUser
      ? { passwordCheck: 'login as the entry' }
      : { passwordSchemes: storedPasswords(entry, attributes).map(schemeOf) }),
  };
}
