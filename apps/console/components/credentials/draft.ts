import type { AclRuleDto, CreateCredential, CredentialDto, UpdateCredential } from '@gatehouse/contract';

/** A credential as the forms hold it: text in text fields, nothing absent. */
export interface Draft {
  readonly name: string;
  readonly username: string;
  readonly clientId: string;
  readonly description: string;
  /** Comma-separated. */
  readonly tags: string;
  /** As `datetime-local` writes it, in the reader's zone; empty: never. */
  readonly expires: string;
  readonly superuser: boolean;
  readonly rules: readonly AclRuleDto[];
}

export type SecretChoice =
  | { readonly kind: 'generate' }
  | { readonly kind: 'choose'; readonly password: string }
  | { readonly kind: 'none' };

const DEFAULT_RULES: readonly AclRuleDto[] = [{ permission: 'allow', action: 'all', topic: '#' }];

export const emptyDraft = (prefill: {
  readonly username?: string | null;
  readonly clientId?: string | null;
}): Draft => ({
  name: '',
  username: prefill.username ?? '',
  clientId: prefill.clientId ?? '',
  description: '',
  tags: '',
  expires: '',
  superuser: false,
  rules: DEFAULT_RULES,
});

/** ISO time to `datetime-local`, which has no zone and means the reader's own. */
export function toLocalInput(iso: string | null): string {
  if (iso === null) return '';
  const date = new Date(iso);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

export const fromLocalInput = (text: string): string | null =>
  text === '' ? null : new Date(text).toISOString();

export const draftOf = (credential: CredentialDto): Draft => ({
  name: credential.name,
  username: credential.username ?? '',
  clientId: credential.clientId ?? '',
  description: credential.description,
  tags: credential.tags.join(', '),
  expires: toLocalInput(credential.expiresAt),
  superuser: credential.superuser,
  rules: credential.rules,
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

const isDefaultRules = (rules: readonly AclRuleDto[]): boolean =>
  JSON.stringify(rules) === JSON.stringify(DEFAULT_RULES);

/** The body of a creation. Untouched rules are left to the server, whose default it is. */
export const toCreate = (draft: Draft, secret: SecretChoice): CreateCredential => ({
  ...(draft.name.trim() === '' ? {} : { name: draft.name }),
  username: orNull(draft.username),
  clientId: orNull(draft.clientId),
  description: draft.description,
  tags: tagsOf(draft.tags),
  expiresAt: fromLocalInput(draft.expires),
  superuser: draft.superuser,
  ...(isDefaultRules(draft.rules) ? {} : { rules: [...draft.rules] }),
  ...(secret.kind === 'choose' ? { password: secret.password } : {}),
  ...(secret.kind === 'none' ? { passwordless: true } : {}),
});

export const toUpdate = (draft: Draft): UpdateCredential => ({
  name: draft.name,
  username: orNull(draft.username),
  clientId: orNull(draft.clientId),
  description: draft.description,
  tags: tagsOf(draft.tags),
  expiresAt: fromLocalInput(draft.expires),
  superuser: draft.superuser,
  rules: [...draft.rules],
});

/** Whether it says who it is for: by username, client ID or both. */
export const isNamed = ({ username, clientId }: Draft): boolean => username !== '' || clientId !== '';
