import { Secret } from '@gatehouse/auth-core';
import type { Credential } from '@gatehouse/ports';
import type { Context } from '../../context.ts';
import { invalidField } from '../../problem.ts';

/** A stored form ready to write; `plain` is set when the server made the secret up and tells it once. */
export interface MadeSecret {
  readonly hash: string;
  readonly format: string;
  readonly kind: NonNullable<Credential['secretKind']>;
  readonly plain: string | undefined;
}

interface SecretInput {
  readonly password?: string | undefined;
  readonly passwordHash?: string | undefined;
}

/** Takes a stored hash as it is, hashes a chosen password slowly, or generates a secret. */
export const makeSecret = async (ctx: Context, input: SecretInput): Promise<MadeSecret> => {
  const { hasher } = ctx.house;
  if (input.passwordHash !== undefined) {
    const described = hasher.describe(input.passwordHash);
    if ('invalid' in described) throw invalidField('passwordHash', described.invalid);
    return { hash: input.passwordHash, format: described.format, kind: 'imported', plain: undefined };
  }
  if (input.password !== undefined) {
    const made = await hasher.hashChosen(new Secret(input.password));
    return { hash: made.hash, format: made.format, kind: 'chosen', plain: undefined };
  }
  const made = hasher.generate();
  return { hash: made.hash, format: made.format, kind: 'generated', plain: made.secret };
};
