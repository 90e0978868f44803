import type { AclRuleDto, CredentialDto, RulesByCnDto, X509MatchDto } from '@gatehouse/contract';

export const CREDENTIAL_TYPES = ['basic', 'x509', 'scram', 'psk'] as const;
export type CredentialType = (typeof CREDENTIAL_TYPES)[number];

/** Ways to match a certificate, as the forms offer them. */
export const MATCHES = [
  'cn',
  'cn_pattern',
  'san_dns',
  'san_uri',
  'san_email',
  'fingerprint',
  'issuer_serial',
] as const;
export type MatchBy = (typeof MATCHES)[number];

/** What only some types have, as the forms hold it. */
export interface TypedDraft {
  readonly type: CredentialType;
  readonly by: MatchBy;
  /** What is matched; of `issuer_serial` the issuer. */
  readonly value: string;
  readonly serial: string;
  /** Null: its own rules alone hold. */
  readonly rulesByCn: readonly CnRulesDraft[] | null;
  readonly skipValidity: boolean;
  /** Of a pre-shared key. */
  readonly identity: string;
}

export interface CnRulesDraft {
  readonly pattern: string;
  readonly rules: readonly AclRuleDto[];
}

export interface TypedPrefill {
  readonly type?: string | null;
  readonly by?: string | null;
  readonly value?: string | null;
  readonly identity?: string | null;
}

const oneOf = <T extends string>(all: readonly T[], text: string | null | undefined, otherwise: T): T =>
  all.find((one) => one === text) ?? otherwise;

export const typedDraft = ({ type, by, value, identity }: TypedPrefill): TypedDraft => ({
  type: oneOf(CREDENTIAL_TYPES, type, 'basic'),
  by: oneOf(MATCHES, by, 'cn'),
  value: value ?? '',
  serial: '',
  rulesByCn: null,
  skipValidity: false,
  identity: identity ?? '',
});

export function typedDraftOf({ type, x509, psk }: CredentialDto): TypedDraft {
  const empty = typedDraft({ type, identity: psk?.identity ?? null });
  if (x509 === null) return empty;
  const { rulesByCn, skipValidity } = x509;
  return { ...empty, ...matchDraft(x509.match), rulesByCn, skipValidity };
}

function matchDraft(match: X509MatchDto | null): Pick<TypedDraft, 'by' | 'value' | 'serial'> {
  if (match === null) return { by: 'cn', value: '', serial: '' };
  switch (match.by) {
    case 'cn_pattern':
      return { by: 'cn_pattern', value: match.pattern, serial: '' };
    case 'san':
      return { by: `san_${match.kind}`, value: match.value, serial: '' };
    case 'issuer_serial':
      return { by: 'issuer_serial', value: match.issuer, serial: match.serial };
    default:
      return { by: match.by, value: match.value, serial: '' };
  }
}

export function matchOf({ by, value, serial }: Pick<TypedDraft, 'by' | 'value' | 'serial'>): X509MatchDto {
  switch (by) {
    case 'cn_pattern':
      return { by, pattern: value };
    case 'issuer_serial':
      return { by, issuer: value, serial };
    case 'san_dns':
      return { by: 'san', kind: 'dns', value };
    case 'san_uri':
      return { by: 'san', kind: 'uri', value };
    case 'san_email':
      return { by: 'san', kind: 'email', value };
    default:
      return { by, value };
  }
}

export const cnRulesOf = (entries: readonly CnRulesDraft[] | null): RulesByCnDto | null =>
  entries?.map(({ pattern, rules }) => ({ pattern, rules: [...rules] })) ?? null;

/** What a certificate has to be, in a few characters for a list. */
export function proofText({ x509, psk }: Pick<CredentialDto, 'x509' | 'psk'>): string | null {
  if (psk !== null) return psk.identity;
  const match = x509?.match ?? null;
  if (match === null) return null;
  const { value, serial } = matchDraft(match);
  return serial === '' ? value : `${serial}, ${value}`;
}
