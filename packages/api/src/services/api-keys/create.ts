import { randomUUID } from 'node:crypto';
import { type createApiKey as createBody, ROLE_SCOPES } from '@gatehouse/contract';
import type { ApiKey } from '@gatehouse/ports';
import type { z } from 'zod';
import { authorize, type Caller, type Context, writeAudit } from '../../context.ts';
import { presentApiKey } from '../../present/people.ts';
import { isoOrNull, msOrNull } from '../../present/time.ts';
import { invalidField, ProblemError } from '../../problem.ts';
import { API_KEY_SHOWN_CHARS, hashToken, newApiKey } from '../../security/tokens.ts';

type Input = z.output<typeof createBody>;

/** A key may do no more than its role, and nobody makes a key that may do more than they may. */
const checkReach = (caller: Caller, input: Input): void => {
  const ofRole = ROLE_SCOPES[input.role];
  const beyondRole = input.scopes.filter((scope) => !ofRole.includes(scope));
  if (beyondRole.length > 0) throw invalidField('scopes', `the role has no ${beyondRole.join(', ')}`);
  const wanted = input.scopes.length > 0 ? input.scopes : ofRole;
  if (caller.kind === 'nobody' || wanted.some((scope) => !caller.scopes.has(scope))) {
    throw new ProblemError('forbidden', { detail: 'A key may not do more than whoever makes it.' });
  }
};

/** Makes a key; its text is in this answer and nowhere else. */
export const createApiKey = async (ctx: Context, input: Input) => {
  const actor = authorize(ctx, 'api-keys:write');
  checkReach(ctx.caller, input);
  const { store, clock } = ctx.house;
  const now = clock.now();
  const expiresAt = msOrNull(input.expiresAt);
  if (expiresAt !== null && expiresAt <= now) throw invalidField('expiresAt', 'is in the past');
  const text = newApiKey();
  const key: ApiKey = {
    id: randomUUID(),
    name: input.name,
    role: input.role,
    scopes: input.scopes,
    prefix: text.slice(0, API_KEY_SHOWN_CHARS),
    createdAt: now,
    createdBy: actor.name,
    expiresAt,
    lastUsedAt: null,
    lastUsedIp: null,
  };
  const made = await store.transaction(async (tx) => {
    const result = await tx.apiKeys.create({ ...key, keyHash: hashToken(text) });
    if (result.result === 'conflict')
      throw new ProblemError('conflict', { detail: 'There is a key with this name.' });
    await writeAudit(tx, ctx, actor, {
      action: 'api-key.create',
      target: { kind: 'api-key', id: result.key.id, name: key.name },
      after: { name: key.name, role: key.role, scopes: key.scopes, expiresAt: isoOrNull(expiresAt) },
    });
    return result.key;
  });
  return { ...presentApiKey(made), key: text };
};
