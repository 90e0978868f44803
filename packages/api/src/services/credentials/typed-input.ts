import type { createCredential, FieldError, UpdateCredential } from '@gatehouse/contract';
import type { Credential, CredentialFacts, CredentialFactsWrite, X509Facts } from '@gatehouse/ports';
import { saslprep, type X509MatchValue } from '@gatehouse/auth-core';
import type { z } from 'zod';
import type { Context } from '../../context.ts';
import { defined } from '../../present/defined.ts';
import { invalidField, ProblemError } from '../../problem.ts';
import { hasTopicFilter, NO_TOPIC_FILTER } from './rule-topics.ts';

type Create = z.output<typeof createCredential>;
type X509Input = Partial<Omit<X509Facts, 'type'>>;
/** Rules and matches as a body has them: absent fields may be written out. */
type RulesByCn = NonNullable<NonNullable<UpdateCredential['x509']>['rulesByCn']>;

/** @throws ProblemError 400 that names each pattern that is no RE2 expression, and each topic that is no filter. */
function checkX509(ctx: Context, { match, rulesByCn }: X509Input, at: string): void {
  const { patterns } = ctx.house;
  const problemOf = (pattern: string, path: string): FieldError[] => {
    const problem = patterns.problem(pattern);
    return problem === undefined ? [] : [{ path, message: problem }];
  };
  const errors = [
    ...(match?.by === 'cn_pattern' ? problemOf(match.pattern, `${at}match.pattern`) : []),
    ...(rulesByCn ?? []).flatMap(({ pattern, rules }, index) => [
      ...problemOf(pattern, `${at}rulesByCn.${index}.pattern`),
      ...rules.flatMap((rule, i) =>
        hasTopicFilter(rule)
          ? []
          : [{ path: `${at}rulesByCn.${index}.rules.${i}.topic`, message: NO_TOPIC_FILTER }],
      ),
    ]),
  ];
  if (errors.length > 0) throw new ProblemError('invalid-input', { errors });
}

/** Without the fields that are written out and undefined. */
export const cnRulesOf = (entries: RulesByCn): NonNullable<X509Facts['rulesByCn']> =>
  entries.map(({ pattern, rules }) => ({ pattern, rules: rules.map((rule) => defined(rule)) }));

/** A username as SCRAM compares it. @throws ProblemError 400 when SASLprep forbids it. */
export function scramUsername(username: string): string {
  const prepared = saslprep(username);
  if (prepared === undefined || prepared === '') {
    throw invalidField('username', 'holds characters that SASLprep forbids (RFC 4013), or nothing else');
  }
  return prepared;
}

/** As certificates are read: digits of one case, without colons. */
export function normalMatch(match: X509MatchValue): X509MatchValue {
  if (match.by === 'fingerprint') return { ...match, value: match.value.replaceAll(':', '').toLowerCase() };
  return match.by === 'issuer_serial' ? { ...match, serial: match.serial.toUpperCase() } : match;
}

/** What a new credential has besides what all have, checked. */
export function factsOf(ctx: Context, input: Create): CredentialFactsWrite {
  switch (input.type) {
    case 'x509': {
      const entries = input.rulesByCn ?? null;
      const rulesByCn = entries === null ? null : cnRulesOf(entries);
      const facts: X509Facts = {
        type: 'x509',
        match: normalMatch(input.match),
        rulesByCn,
        skipValidity: input.skipValidity,
      };
      checkX509(ctx, facts, '');
      return facts;
    }
    case 'scram':
      return { type: 'scram' };
    case 'psk':
      return { type: 'psk', identity: input.identity };
    default:
      return { type: 'basic' };
  }
}

/** Name of a credential whose maker gave it none. */
export function nameOf(input: Create): string {
  if (input.name !== undefined) return input.name;
  if (input.type === 'x509') return matchText(input.match);
  if (input.type === 'psk') return input.identity;
  return input.username ?? input.clientId ?? '';
}

/** What is matched, for people. */
function matchText(match: NonNullable<X509Facts['match']>): string {
  switch (match.by) {
    case 'cn_pattern':
      return match.pattern;
    case 'issuer_serial':
      return `${match.serial} of ${match.issuer}`;
    default:
      return match.value;
  }
}

/** What a change makes of the facts; undefined where it is not about them. */
export function changedFacts(
  ctx: Context,
  before: CredentialFacts,
  { x509, psk }: Pick<UpdateCredential, 'x509' | 'psk'>,
): CredentialFactsWrite | undefined {
  if (x509 !== undefined) {
    if (before.type !== 'x509') throw invalidField('x509', `is not for a credential of type ${before.type}`);
    const { match, rulesByCn, skipValidity } = x509;
    const facts: X509Facts = {
      type: 'x509',
      match: match === undefined ? before.match : normalMatch(match),
      rulesByCn:
        rulesByCn === undefined ? before.rulesByCn : rulesByCn === null ? null : cnRulesOf(rulesByCn),
      skipValidity: skipValidity ?? before.skipValidity,
    };
    // Half of what cannot be read would be made up.
    if (facts.match === null) throw invalidField('x509.match', 'is needed: the stored one cannot be read');
    checkX509(ctx, facts, 'x509.');
    return facts;
  }
  if (psk === undefined) return undefined;
  if (before.type !== 'psk') throw invalidField('psk', `is not for a credential of type ${before.type}`);
  return { type: 'psk', identity: psk.identity };
}

/** Fields that only some types have. @throws ProblemError 400 that names the first that this one has not. */
export function checkFields({ facts }: Pick<Credential, 'facts'>, patch: UpdateCredential): void {
  const { type } = facts;
  const alien = (['username', 'clientId', 'passwordless'] as const).find(
    (field) =>
      patch[field] !== undefined &&
      patch[field] !== null &&
      patch[field] !== false &&
      type !== 'basic' &&
      !(type === 'scram' && field !== 'passwordless'),
  );
  if (alien !== undefined) throw invalidField(alien, `is not for a credential of type ${type}`);
  if (type === 'scram' && patch.username === null) throw invalidField('username', 'is needed');
}
