import { randomBytes } from 'node:crypto';
import { Secret } from '@gatehouse/auth-core';
import type { Credential, CredentialFactsWrite } from '@gatehouse/ports';
import type { ApiConfig, ApiDeps, AuthDeps } from '../../house.ts';
import { invalidField } from '../../problem.ts';

/** Bytes of a pre-shared key that is made here. */
const PSK_BYTES = 32;
/** Name of the stored form of a pre-shared key. */
const PSK_FORMAT = 'psk';

/** A stored form ready to write; `plain` is set when the server made the secret up and tells it once. */
export interface MadeSecret {
  readonly hash: string;
  readonly format: string;
  readonly kind: NonNullable<Credential['secretKind']>;
  readonly plain: string | undefined;
}

/** What making a credential needs of the house. */
export interface Making {
  readonly house: Pick<ApiDeps, 'hasher'> & {
    readonly config: Pick<ApiConfig, 'defaultRules' | 'scramIterations'>;
    readonly auth: Pick<AuthDeps, 'box'>;
  };
}

interface SecretInput {
  readonly password?: string | undefined;
  readonly passwordHash?: string | undefined;
  /** Of a pre-shared key, hexadecimal. */
  readonly key?: string | undefined;
}

/** Takes a stored hash as it is, hashes a chosen password slowly, or generates a secret. */
export const makeSecret = async (ctx: Making, input: SecretInput): Promise<MadeSecret> => {
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

/** The keys of a chosen or generated SCRAM password; with the salts of `like` they are checked by the same exchange. */
const makeScramSecret = async (
  ctx: Making,
  { password }: SecretInput,
  like: string | null,
): Promise<MadeSecret> => {
  const { hasher, config } = ctx.house;
  const plain = password === undefined ? hasher.generate().secret : undefined;
  const text = new Secret(password ?? plain ?? '');
  const made = await hasher.hashScram(text, config.scramIterations, like ?? undefined);
  if ('invalid' in made) throw invalidField('password', made.invalid);
  return { ...made, kind: plain === undefined ? 'chosen' : 'generated', plain };
};

/** A given or generated key, sealed for this credential and no other. */
const makePskSecret = (ctx: Making, { key }: SecretInput, id: string): MadeSecret => {
  const plain = key === undefined ? randomBytes(PSK_BYTES).toString('hex') : undefined;
  const hash = ctx.house.auth.box.seal(key ?? plain ?? '', id);
  return { hash, format: PSK_FORMAT, kind: plain === undefined ? 'chosen' : 'generated', plain };
};

/** The secret of a credential of any type; null for X.509, whose secret is with the device. */
export const secretFor = async (
  ctx: Making,
  type: CredentialFactsWrite['type'],
  input: SecretInput,
  { id, like = null }: { readonly id: string; readonly like?: string | null },
): Promise<MadeSecret | null> => {
  switch (type) {
    case 'x509':
      return null;
    case 'scram':
      return makeScramSecret(ctx, input, like);
    case 'psk':
      return makePskSecret(ctx, input, id);
    case 'basic':
      return makeSecret(ctx, input);
  }
};
