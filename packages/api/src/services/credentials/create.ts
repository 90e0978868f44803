import { randomUUID } from 'node:crypto';
import type { createCredential as createBody, CredentialWithSecretDto } from '@gatehouse/contract';
import type { CredentialFactsWrite, CredentialWrite } from '@gatehouse/ports';
import type { z } from 'zod';
import { authorize, type Context, writeAudit } from '../../context.ts';
import { auditCredential, credentialTarget, presentCredential } from '../../present/credential.ts';
import { defined } from '../../present/defined.ts';
import { msOrNull } from '../../present/time.ts';
import { announceCredentials } from './announce.ts';
import { checkRuleTopics } from './rule-topics.ts';
import { type MadeSecret, secretFor } from './secret.ts';
import { factsOf, nameOf, scramUsername } from './typed-input.ts';
import { written } from './written.ts';

type Input = z.output<typeof createBody>;

const NAME_CHARS_MAX = 200;

interface Made {
  readonly id: string;
  readonly facts: CredentialFactsWrite;
  readonly secret: MadeSecret | null;
}

/** The names that a type has: certificates and keys are known by their own. */
const namesOf = (input: Input): Pick<CredentialWrite, 'username' | 'clientId' | 'passwordless'> => {
  if (input.type === 'x509' || input.type === 'psk') {
    return { username: null, clientId: null, passwordless: false };
  }
  const clientId = input.clientId ?? null;
  return input.type === 'scram'
    ? { username: scramUsername(input.username), clientId, passwordless: false }
    : { username: input.username ?? null, clientId, passwordless: input.passwordless };
};

/** Rules by common name stand alone unless others are given beside them. */
const rulesOf = (ctx: Context, input: Input): CredentialWrite['rules'] => {
  const isByName = input.type === 'x509' && (input.rulesByCn ?? null) !== null;
  const rules = input.rules ?? (isByName ? [] : ctx.house.config.defaultRules);
  return rules.map((rule) => defined(rule));
};

const toWrite = (ctx: Context, input: Input, { id, facts, secret }: Made): CredentialWrite => ({
  id,
  facts,
  name: nameOf(input).slice(0, NAME_CHARS_MAX),
  ...namesOf(input),
  secretHash: secret?.hash ?? null,
  hashFormat: secret?.format ?? null,
  secretKind: secret?.kind ?? null,
  superuser: input.superuser,
  enabled: input.enabled,
  expiresAt: msOrNull(input.expiresAt),
  description: input.description,
  tags: input.tags,
  rules: rulesOf(ctx, input),
  source: 'api',
});

/** What it is to be made of, as far as its type has one. */
const secretOf = (input: Input): Parameters<typeof secretFor>[2] => (input.type === 'x509' ? {} : input);

const isPasswordless = (input: Input): boolean => 'passwordless' in input && input.passwordless;

/** Makes a credential; answers the generated secret, which is told this once. */
export const createCredential = async (ctx: Context, input: Input): Promise<CredentialWithSecretDto> => {
  const actor = authorize(ctx, 'credentials:write');
  checkRuleTopics(input.rules);
  const facts = factsOf(ctx, input);
  const id = randomUUID();
  const secret = isPasswordless(input) ? null : await secretFor(ctx, facts.type, secretOf(input), { id });
  const credential = await ctx.house.store.transaction(async (tx) => {
    const write = toWrite(ctx, input, { id, facts, secret });
    const made = written(await tx.credentials.create(write, ctx.house.clock.now()));
    await writeAudit(tx, ctx, actor, {
      action: 'credential.create',
      target: credentialTarget(made),
      after: auditCredential(made),
    });
    return made;
  });
  await announceCredentials(ctx, [credential], { disconnect: false, forgive: true });
  return {
    ...presentCredential(credential, 0),
    ...(secret?.plain === undefined ? {} : { secret: secret.plain }),
  };
};
