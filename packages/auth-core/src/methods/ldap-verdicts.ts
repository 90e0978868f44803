import { DEFAULT_RULES } from '../acl/default-rules.ts';
import { usernameOf } from '../anonymous.ts';
import type { Attempt } from '../attempt.ts';
import type { SafeDetail, Verdict } from '../verdict.ts';
import type { LdapEntry, LdapFault } from './ldap-directory.ts';
import { type LdapAttributes, LDAP_RULES_MAX, rulesOf } from './ldap-entry.ts';
import { type LdapSearchForm, shownTemplate } from './ldap-template.ts';

/** What the verdicts about one directory are told of. */
export interface LdapFacts {
  readonly name: string;
  readonly search: LdapSearchForm;
  readonly attributes: LdapAttributes;
}

/** Characters of a distinguished name that are shown. */
const DN_CHARS_MAX = 512;

/** The search with its placeholders: values are shown elsewhere, and a username may be a token. */
const asked = ({ search }: LdapFacts): SafeDetail => ({
  base: shownTemplate(search.base),
  filter: shownTemplate(search.filter),
});

const about = (entry: LdapEntry): SafeDetail => ({ entry: entry.dn.slice(0, DN_CHARS_MAX) });

/** The directory has nobody who goes by what the client calls itself, or the client does not say it. */
export const noEntry = (facts: LdapFacts, problem?: string): Verdict => ({
  outcome: 'ignore',
  reason: 'LDAP_NO_ENTRY',
  detail: { ...asked(facts), ...(problem === undefined ? {} : { problem }) },
});

export const accountDisabled = (facts: LdapFacts, entry: LdapEntry): Verdict => ({
  outcome: 'deny',
  reason: 'LDAP_ACCOUNT_DISABLED',
  detail: { ...about(entry), attribute: facts.attributes.enabled },
});

/** There is an entry, and the client sent no password or an empty one. */
export const passwordMissing = (entry: LdapEntry, sent: 'none' | 'empty'): Verdict => ({
  outcome: 'deny',
  reason: 'LDAP_PASSWORD_MISSING',
  detail: { ...about(entry), password: sent },
});

export const passwordMismatch = (entry: LdapEntry, schemes: readonly string[]): Verdict => ({
  outcome: 'deny',
  reason: 'LDAP_PASSWORD_MISMATCH',
  detail: { ...about(entry), schemes },
});

/** No password is stored, or none of those that are can be verified. */
export const hashInvalid = (entry: LdapEntry, schemes: readonly string[], problem: string): Verdict => ({
  outcome: 'deny',
  reason: schemes.length === 0 ? 'LDAP_HASH_MISSING' : 'LDAP_HASH_INVALID',
  detail: { ...about(entry), schemes, problem },
});

export const bindRejected = (entry: LdapEntry, problem: string): Verdict => ({
  outcome: 'deny',
  reason: 'LDAP_BIND_REJECTED',
  detail: { ...about(entry), problem },
});

/** Refused without asking the directory: too many failures before this one (auth.md §9). */
export const tooManyFailures = (until: number, failures: number): Verdict => ({
  outcome: 'deny',
  reason: 'TOO_MANY_FAILURES',
  detail: { until: new Date(until).toISOString(), failures },
});

const FAULT_REASONS = {
  unreachable: 'LDAP_UNREACHABLE',
  timeout: 'LDAP_TIMEOUT',
  'bad-result': 'LDAP_BAD_RESULT',
} as const satisfies Record<LdapFault['result'], string>;

/** The directory could not say; `during` is the search, or the login as the client. */
export const directoryFault = (
  facts: LdapFacts,
  fault: LdapFault,
  during: 'search' | 'login' = 'search',
): Verdict => ({
  outcome: 'error',
  reason: FAULT_REASONS[fault.result],
  detail: {
    ...asked(facts),
    during,
    ...(fault.result === 'timeout' ? { timeoutMs: fault.ms } : { problem: fault.problem }),
  },
});

/** The client proved that it is the entry's. Without topics there the rules of a new credential apply (auth.md §7). */
export function admitAs(facts: LdapFacts, attempt: Attempt, entry: LdapEntry, proof: SafeDetail): Verdict {
  const rules = rulesOf(entry, facts.attributes);
  if (rules === 'too-many') {
    const problem = `the entry has more than ${LDAP_RULES_MAX} topics`;
    return directoryFault(facts, { result: 'bad-result', problem });
  }
  return {
    outcome: 'allow',
    grant: {
      principal: { namespace: facts.name, subject: usernameOf(attempt) ?? attempt.clientId },
      superuser: false,
      rules: rules ?? DEFAULT_RULES,
      credentialId: undefined,
      bindsClientId: false,
      expiresAt: undefined,
      rehash: false,
      anonymous: false,
    },
    detail: { ...about(entry), ...proof, rules: rules === undefined ? 'default' : rules.length },
  };
}
