import type { CredentialDto } from '@gatehouse/contract';
import type { Credential, CredentialFacts, X509Facts } from '@gatehouse/ports';
import { iso, isoOrNull } from './time.ts';

type Rule = CredentialDto['rules'][number];

const presentRule = (rule: Credential['rules'][number]): Rule => ({
  permission: rule.permission,
  action: rule.action,
  topic: rule.topic,
  ...(rule.literal === undefined ? {} : { literal: rule.literal }),
});

/** What only credentials of one type have; null for the others. */
const presentFacts = (facts: CredentialFacts): Pick<CredentialDto, 'x509' | 'scram' | 'psk'> => ({
  x509: facts.type === 'x509' ? presentX509(facts) : null,
  scram: facts.type === 'scram' ? { mechanisms: [...facts.mechanisms], iterations: facts.iterations } : null,
  psk: facts.type === 'psk' ? { identity: facts.identity } : null,
});

const presentX509 = ({ match, rulesByCn, skipValidity }: X509Facts): CredentialDto['x509'] => ({
  match,
  rulesByCn: rulesByCn?.map(({ pattern, rules }) => ({ pattern, rules: rules.map(presentRule) })) ?? null,
  skipValidity,
});

/** A credential as the API shows it; the port's type holds no hash, so none can be shown. */
export const presentCredential = (credential: Credential, liveSessions: number): CredentialDto => ({
  id: credential.id,
  version: credential.version,
  type: credential.facts.type,
  name: credential.name,
  username: credential.username,
  clientId: credential.clientId,
  passwordless: credential.passwordless,
  superuser: credential.superuser,
  enabled: credential.enabled,
  expiresAt: isoOrNull(credential.expiresAt),
  description: credential.description,
  tags: [...credential.tags],
  rules: credential.rules.map(presentRule),
  ...presentFacts(credential.facts),
  hasSecret: credential.hasSecret,
  hashFormat: credential.hashFormat,
  secretKind: credential.secretKind,
  previousSecretValidUntil: isoOrNull(credential.previousSecretValidUntil),
  secretChangedAt: isoOrNull(credential.secretChangedAt),
  createdAt: iso(credential.createdAt),
  updatedAt: iso(credential.updatedAt),
  lastUsedAt: isoOrNull(credential.lastUsedAt),
  lastUsedIp: credential.lastUsedIp,
  liveSessions,
  source: credential.source,
  unparsable: credential.unparsable ?? null,
});

/** What the audit keeps of one that was deleted among many: what it was found by. */
export const auditIdentity = ({ id, name, username, clientId, facts }: Credential) => ({
  id,
  name,
  username,
  clientId,
  ...(facts.type === 'psk' ? { facts } : {}),
  ...(facts.type === 'x509' ? { facts: { type: facts.type, match: facts.match } } : {}),
});

/** What the audit keeps of a credential. */
export const auditCredential = (credential: Credential) => ({
  ...(credential.facts.type === 'basic' ? {} : { facts: credential.facts }),
  name: credential.name,
  username: credential.username,
  clientId: credential.clientId,
  enabled: credential.enabled,
  superuser: credential.superuser,
  passwordless: credential.passwordless,
  expiresAt: isoOrNull(credential.expiresAt),
  description: credential.description,
  tags: credential.tags,
  rules: credential.rules,
  hashFormat: credential.hashFormat,
});

export const credentialTarget = (credential: Pick<Credential, 'id' | 'name'>) => ({
  kind: 'credential',
  id: credential.id,
  name: credential.name,
});
