import type { ProvenIdentity } from '@gatehouse/ports';

type Claims = Readonly<Record<string, unknown>>;

const isClaims = (value: unknown): value is Claims =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Values of a claim that are looked at, and how long each may be. */
const ROLE_VALUES_MAX = 1_000;
const TEXT_CHARS_MAX = 256;

const textOf = (value: unknown): string | null =>
  typeof value === 'string' && value.trim() !== '' ? value.trim().slice(0, TEXT_CHARS_MAX) : null;

/** The claim of this name, or along the dots of it: `groups`, `https://example.org/roles`, `realm_access.roles`. */
function claimAt(claims: Claims, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name];
  let value: unknown = claims;
  for (const part of name.split('.')) {
    if (!isClaims(value) || !Object.hasOwn(value, part)) return undefined;
    value = value[part];
  }
  return value;
}

function roleValues(claims: Claims, name: string): readonly string[] {
  const value = claimAt(claims, name);
  const all: readonly unknown[] = Array.isArray(value) ? value : [value];
  return all.filter((one) => typeof one === 'string').slice(0, ROLE_VALUES_MAX);
}

/** What of the claims Gatehouse goes by. */
export function identityOf(
  claims: Claims,
  issuer: string,
  subject: string,
  roleClaim: string,
): ProvenIdentity {
  return {
    issuer,
    subject,
    email: textOf(claims['email']),
    // Only the word of the specification counts: providers that say "true" as text have not been seen to mean it.
    emailVerified: claims['email_verified'] === true,
    name: textOf(claims['name']) ?? textOf(claims['preferred_username']),
    roleValues: roleValues(claims, roleClaim),
  };
}
