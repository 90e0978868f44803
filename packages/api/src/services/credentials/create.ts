import type { createCredential as createBody, CredentialWithSecretDto } from '@gatehouse/contract';
import type { CredentialWrite } from '@gatehouse/ports';
import type { z } from 'zod';
import { authorize, type Context, writeAudit } from '../../context.ts';
import { auditCredential, credentialTarget, presentCredential } from '../../present/credential.ts';
import { defined } from '../../present/defined.ts';
import { msOrNull } from '../../present/time.ts';
import { announceCredentials } from './announce.ts';
import { checkRuleTopics } from './rule-topics.ts';
import { type MadeSecret, makeSecret } from './secret.ts';
import { written } from './written.ts';

type Input = z.output<typeof createBody>;

const NAME_CHARS_MAX = 200;

const toWrite = (ctx: Context, input: Input, secret: MadeSecret | null): CredentialWrite => ({
  name: input.name ?? (input.username ?? input.clientId ?? '').slice(0, NAME_CHARS_MAX),
  username: input.username ?? null,
  clientId: input.clientId ?? null,
  secretHash: secret?.hash ?? null,
  hashFormat: secret?.format ?? null,
  secretKind: secret?.kind ?? null,
  passwordless: input.passwordless,
  superuser: input.superuser,
  enabled: input.enabled,
  expiresAt: msOrNull(input.expiresAt),
  description: input.description,
  tags: input.tags,
  rules: (input.rules ?? ctx.house.config.defaultRules).map((rule) => defined(rule)),
  source: 'api',
});

/** Makes a credential; answers the generated secret, which is told this once. */
export const createCredential = async (ctx: Context, input: Input): Promise<CredentialWithSecretDto> => {
  const actor = authorize(ctx, 'credentials:write');
  checkRuleTopics(input.rules);
  const secret = input.passwordless ? null : await makeSecret(ctx, input);
  const credential = await ctx.house.store.transaction(async (tx) => {
    const made = written(await tx.credentials.create(toWrite(ctx, input, secret), ctx.house.clock.now()));
    await writeAudit(tx, ctx, actor, {
      action: 'credential.create',
      target: credentialTarget(made),
      after: auditCredential(made),
    });
    return made;
  });
  announceCredentials(ctx, [credential], { disconnect: false, forgive: true });
  return {
    ...presentCredential(credential, 0),
    ...(secret?.plain === undefined ? {} : { secret: secret.plain }),
  };
};
