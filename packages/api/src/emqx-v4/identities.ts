import { createCredential as createBody } from '@gatehouse/contract';
import type { Credential } from '@gatehouse/ports';
import { authorize, type Context } from '../context.ts';
import { ProblemError } from '../problem.ts';
import { createCredential } from '../services/credentials/create.ts';
import { deleteCredential } from '../services/credentials/delete.ts';
import { resetCredentialSecret } from '../services/credentials/reset-secret.ts';

/** Which of EMQX's two lists: credentials that name a username alone, or a client ID alone. */
export type Kind = 'username' | 'clientid';

/** An identity as its lists tell it. */
export interface ListedIdentity {
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

/** Credentials that one listing looks at; beyond it the management API's own lists serve. */
const LISTED_MAX = 100_000;
const CHUNK = 1_000;

const nameOf = (kind: Kind, { username, clientId }: Credential): string | null =>
  kind === 'username' ? (clientId === null ? username : null) : username === null ? clientId : null;

const identityOf = (kind: Kind, name: string) =>
  kind === 'username' ? { username: name, clientId: null } : { username: null, clientId: name };

/** Those whose name fits, newest first. */
export async function listIdentities(
  ctx: Context,
  kind: Kind,
  fits: (name: string) => boolean,
): Promise<readonly ListedIdentity[]> {
  authorize(ctx, 'credentials:read');
  const found: ListedIdentity[] = [];
  let seen = 0;
  for await (const chunk of ctx.house.store.credentials.stream({}, CHUNK)) {
    for (const credential of chunk) {
      const name = nameOf(kind, credential);
      if (name !== null && fits(name)) found.push({ name, createdAt: credential.createdAt });
    }
    seen += chunk.length;
    if (seen >= LISTED_MAX) break;
  }
  return found.sort((a, b) => b.createdAt - a.createdAt);
}

export async function findIdentity(
  ctx: Context,
  kind: Kind,
  name: string,
): Promise<ListedIdentity | undefined> {
  authorize(ctx, 'credentials:read');
  const found = await ctx.house.store.credentials.findByIdentity(identityOf(kind, name));
  return found === null ? undefined : { name, createdAt: found.createdAt };
}

/** `existed`: there is one; `invalid`: with what is wrong. */
export type Added =
  { readonly result: 'ok' | 'existed' } | { readonly result: 'invalid'; readonly message: string };

/** Adds a credential through the verb that console and API use: same checks, audit and events. */
export async function addIdentity(
  ctx: Context,
  kind: Kind,
  name: unknown,
  password: unknown,
): Promise<Added> {
  if (typeof name !== 'string' || name === '')
    return { result: 'invalid', message: `${kind} must be a text that is not empty` };
  if (typeof password !== 'string' || password === '')
    return { result: 'invalid', message: 'password must be a text that is not empty' };
  const body = createBody.safeParse({ ...identityOf(kind, name), password });
  if (!body.success)
    return {
      result: 'invalid',
      message: body.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '),
    };
  try {
    await createCredential(ctx, body.data);
    return { result: 'ok' };
  } catch (error) {
    if (error instanceof ProblemError && error.code === 'conflict') return { result: 'existed' };
    throw error;
  }
}

/** False when there is none. */
export async function setPassword(
  ctx: Context,
  kind: Kind,
  name: string,
  password: string,
): Promise<boolean> {
  authorize(ctx, 'credentials:write');
  const found = await ctx.house.store.credentials.findByIdentity(identityOf(kind, name));
  if (found === null) return false;
  await resetCredentialSecret(ctx, found.id, { password, keepPreviousForSeconds: 0 }, undefined);
  return true;
}

/** Idempotent, as EMQX's. */
export async function removeIdentity(ctx: Context, kind: Kind, name: string): Promise<void> {
  authorize(ctx, 'credentials:write');
  const found = await ctx.house.store.credentials.findByIdentity(identityOf(kind, name));
  if (found !== null) await deleteCredential(ctx, found.id, undefined);
}
