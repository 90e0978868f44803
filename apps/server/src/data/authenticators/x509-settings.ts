import {
  type AclRule,
  isTopicFilter,
  type RulesOfCn,
  type X509Credential,
  type X509Match,
} from '@gatehouse/auth-core';
import type { X509CredentialSettings, X509Settings } from '@gatehouse/contract';
import { isWholePattern, wholeMatcher } from '../../re2-patterns.ts';
import type { SettingProblem } from './kind.ts';

/** What the schema cannot judge: patterns that are none, topics that are no filters, names that are given twice. */
export function x509Problems({ credentials }: X509Settings): readonly SettingProblem[] {
  const names = new Set<string>();
  return credentials.flatMap((credential, index) => {
    const at = `credentials.${index}`;
    const isTaken = names.has(credential.name);
    names.add(credential.name);
    return [
      ...(isTaken ? [{ path: `${at}.name`, found: credential.name, accepted: 'a name of its own' }] : []),
      ...patternProblems(credential, at),
      ...topicProblems(credential.rules, `${at}.rules`),
      ...Object.entries(credential.rules_by_cn ?? {}).flatMap(([pattern, rules]) =>
        topicProblems(rules, `${at}.rules_by_cn.${pattern}`),
      ),
    ];
  });
}

function patternProblems({ match, rules_by_cn: byCn }: X509CredentialSettings, at: string): SettingProblem[] {
  const patterns = [
    ...(match.cn_pattern === undefined ? [] : [{ path: `${at}.match.cn_pattern`, found: match.cn_pattern }]),
    ...Object.keys(byCn ?? {}).map((found) => ({ path: `${at}.rules_by_cn`, found })),
  ];
  return patterns
    .filter(({ found }) => !isWholePattern(found))
    .map((problem) => ({ ...problem, accepted: 'an RE2 expression' }));
}

type Rules = NonNullable<X509CredentialSettings['rules']>;

/** Rules whose topics are no filters. */
export const topicProblems = (rules: Rules | undefined, path: string): SettingProblem[] =>
  (rules ?? []).flatMap(({ topic, literal }, index) =>
    literal === true || isTopicFilter(topic)
      ? []
      : [
          {
            path: `${path}.${index}.topic`,
            found: topic,
            accepted: 'a topic filter: + and # stand alone between slashes, and # comes last',
          },
        ],
  );

/** The credentials of the settings, which have been found good. */
export const x509CredentialsOf = ({ credentials }: X509Settings): readonly X509Credential[] =>
  credentials.map((credential) => ({
    id: credential.name,
    version: 1,
    name: credential.name,
    match: matchOf(credential.match),
    rules: credential.rules && rulesOf(credential.rules),
    rulesByCn: credential.rules_by_cn && Object.entries(credential.rules_by_cn).map(rulesOfCn),
    superuser: credential.superuser,
    enabled: credential.enabled,
    expiresAt: credential.expires_at === undefined ? null : Date.parse(credential.expires_at),
    skipValidity: credential.skip_validity,
  }));

const rulesOfCn = ([pattern, rules]: [string, Rules]): RulesOfCn => ({
  pattern,
  test: wholeMatcher(pattern),
  rules: rulesOf(rules),
});

/** Rules as auth-core has them. */
export const rulesOf = (rules: Rules): readonly AclRule[] =>
  rules.map(({ literal, ...rule }) => (literal === undefined ? rule : { ...rule, literal }));

function matchOf(match: X509CredentialSettings['match']): X509Match {
  const { cn, cn_pattern: pattern, san_dns: dns, san_uri: uri, san_email: email, fingerprint } = match;
  if (cn !== undefined) return { by: 'cn', value: cn };
  if (pattern !== undefined) return { by: 'cn_pattern', pattern, test: wholeMatcher(pattern) };
  if (dns !== undefined) return { by: 'san', kind: 'dns', value: dns };
  if (uri !== undefined) return { by: 'san', kind: 'uri', value: uri };
  if (email !== undefined) return { by: 'san', kind: 'email', value: email };
  if (fingerprint !== undefined) {
    return { by: 'fingerprint', value: fingerprint.replaceAll(':', '').toLowerCase() };
  }
  return { by: 'issuer_serial', issuer: match.issuer ?? '', serial: match.serial ?? '' };
}
