import type { AclRuleDto, CreateCredential, CredentialDto, UpdateCredential } from '@gatehouse/contract';
import {
  cnRulesOf,
  matchOf,
  typedDraft,
  typedDraftOf,
  type TypedDraft,
  type TypedPrefill,
} from './typed-draft';

/** A credential as the forms hold it: text in text fields, nothing absent. */
export interface Draft extends TypedDraft {
  readonly name: string;
  readonly username: string;
  readonly clientId: string;
  readonly description: string;
  /** Comma-separated. */
  readonly tags: string;
  /** ISO 8601; null: never. */
  readonly expires: string | null;
  readonly superuser: boolean;
  readonly rules: readonly AclRuleDto[];
}

export type SecretChoice =
  | { readonly kind: 'generate' }
  | { readonly kind: 'choose'; readonly password: string }
  | { readonly kind: 'none' };

const DEFAULT_RULES: readonly AclRuleDto[] = [{ permission: 'allow', action: 'all', topic: '#' }];

export const emptyDraft = (
  prefill: TypedPrefill & { readonly username?: string | null; readonly clientId?: string | null },
): Draft => ({
  ...typedDraft(prefill),
  name: '',
  username: prefill.username ?? '',
  clientId: prefill.clientId ?? '',
  description: '',
  tags: '',
  expires: null,
  superuser: false,
  rules: DEFAULT_RULES,
});

export const draftOf = (credential: CredentialDto): Draft => ({
  ...typedDraftOf(credential),
  name: credential.name,
  username: credential.username ?? '',
  clientId: credential.clientId ?? '',
  description: credential.description,
  tags: credential.tags.join(', '),
  expires: credential.expiresAt,
  superuser: credential.superuser,
  rules: credential.rules,
});

/** The form of a clone: all of the original but its name, its identity and its secret. */
export const cloneDraft = (original: CredentialDto): Draft => ({
  ...draftOf(original),
  name: '',
  username: '',
  clientId: '',
  value: '',
  serial: '',
  identity: '',
});

const tagsOf = (text: string): string[] => [
  ...new Set(
    text
      .split(',')
      .map((tag) => tag.trim())
      .filter((tag) => tag !== ''),
  ),
];

const orNull = (text: string): string | null => (text === '' ? null : text);

/**
 * Rules by common name stand alone at first: what is written below them holds for every client beside them, so the
 * default rule makes room, and comes back with the others' end.
 */
export function withRulesByCn({ rules }: Draft, rulesByCn: Draft['rulesByCn']): Partial<Draft> {
  if (rulesByCn !== null && isDefaultRules(rules)) return { rulesByCn, rules: [] };
  return rulesByCn === null && rules.length === 0 ? { rulesByCn, rules: DEFAULT_RULES } : { rulesByCn };
}

const isDefaultRules = (rules: readonly AclRuleDto[]): boolean =>
  JSON.stringify(rules) === JSON.stringify(DEFAULT_RULES);

const passwordOf = (secret: SecretChoice): { readonly password?: string } =>
  secret.kind === 'choose' ? { password: secret.password } : {};

/** The body of a creation. Untouched rules are left to the server, whose default it is. */
export function toCreate(draft: Draft, secret: SecretChoice): CreateCredential {
  const common = {
    ...(draft.name.trim() === '' ? {} : { name: draft.name }),
    description: draft.description,
    tags: tagsOf(draft.tags),
    expiresAt: draft.expires,
    superuser: draft.superuser,
    ...(isDefaultRules(draft.rules) ? {} : { rules: [...draft.rules] }),
  };
  const clientId = orNull(draft.clientId);
  switch (draft.type) {
    case 'x509':
      return {
        type: 'x509',
        ...common,
        match: matchOf(draft),
        rulesByCn: cnRulesOf(draft.rulesByCn),
        skipValidity: draft.skipValidity,
      };
    case 'scram':
      return { type: 'scram', ...common, username: draft.username, clientId, ...passwordOf(secret) };
    case 'psk':
      return {
        type: 'psk',
        ...common,
        identity: draft.identity,
        ...(secret.kind === 'choose' ? { key: secret.password } : {}),
      };
    case 'basic':
      return {
        ...common,
        username: orNull(draft.username),
        clientId,
        ...passwordOf(secret),
        ...(secret.kind === 'none' ? { passwordless: true } : {}),
      };
  }
}

/** The body of a clone. It says its rules whatever they are: the server's default may be others. */
export const toClone = (
  draft: Draft,
  secret: SecretChoice,
  { enabled }: Pick<CredentialDto, 'enabled'>,
): CreateCredential => ({ ...toCreate(draft, secret), rules: [...draft.rules], enabled });

const namesOf = ({ type, username, clientId }: Draft): Pick<UpdateCredential, 'username' | 'clientId'> =>
  type === 'basic' || type === 'scram' ? { username: orNull(username), clientId: orNull(clientId) } : {};

const factsOf = (draft: Draft): Pick<UpdateCredential, 'x509' | 'psk'> => {
  if (draft.type === 'psk') return { psk: { identity: draft.identity } };
  if (draft.type !== 'x509') return {};
  const { rulesByCn, skipValidity } = draft;
  return { x509: { match: matchOf(draft), rulesByCn: cnRulesOf(rulesByCn), skipValidity } };
};

export const toUpdate = (draft: Draft): UpdateCredential => ({
  name: draft.name,
  ...namesOf(draft),
  ...factsOf(draft),
  description: draft.description,
  tags: tagsOf(draft.tags),
  expiresAt: draft.expires,
  superuser: draft.superuser,
  rules: [...draft.rules],
});

/** Whether it says whom it is for. */
export function isNamed({ type, username, clientId, value, serial, by, identity }: Draft): boolean {
  switch (type) {
    case 'x509':
      return value !== '' && (by !== 'issuer_serial' || serial !== '');
    case 'scram':
      return username !== '';
    case 'psk':
      return identity !== '';
    case 'basic':
      return username !== '' || clientId !== '';
  }
}
