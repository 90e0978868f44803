import { Secret, type AclRule } from '@gatehouse/auth-core';
import type { CredentialWrite, PasswordHasher, Store } from '@gatehouse/ports';
import type { BootstrapCredential } from '../config/schema-auth.ts';
import type { Config } from '../config/schema.ts';
import { Failure } from '../runtime/failure.ts';

const ACTOR = { kind: 'system', id: 'bootstrap', name: 'auth.bootstrap_credentials' } as const;

function rulesOf(item: BootstrapCredential, fallback: Config['auth']['default_rules']): readonly AclRule[] {
  if (item.publish === undefined && item.subscribe === undefined) {
    return fallback.map(({ literal, ...rule }) => (literal === undefined ? rule : { ...rule, literal }));
  }
  const allow = (action: 'publish' | 'subscribe', topics: readonly string[] = []): AclRule[] =>
    topics.map((topic) => ({ permission: 'allow', action, topic }));
  return [...allow('publish', item.publish), ...allow('subscribe', item.subscribe)];
}

async function secretOf(
  item: BootstrapCredential,
  index: number,
  hasher: PasswordHasher,
): Promise<Pick<CredentialWrite, 'secretHash' | 'hashFormat' | 'secretKind'>> {
  if (item.password_hash !== undefined) {
    const hash = item.password_hash.reveal();
    const form = hasher.describe(hash);
    if ('invalid' in form)
      throw new Failure(`auth.bootstrap_credentials.${index}.password_hash: ${form.invalid}.`, 2);
    return { secretHash: hash, hashFormat: form.format, secretKind: 'imported' };
  }
  const made = await hasher.hashChosen(new Secret(item.password?.reveal() ?? ''));
  return { secretHash: made.hash, hashFormat: made.format, secretKind: 'chosen' };
}

/** Inserts the configured credentials that are not there yet, each with its audit row; never overwrites one. */
export async function insertBootstrapCredentials(
  config: Config,
  store: Store,
  hasher: PasswordHasher,
  now: number,
): Promise<number> {
  let inserted = 0;
  for (const [index, item] of config.auth.bootstrap_credentials.entries()) {
    const username = item.username ?? null;
    const clientId = item.client_id ?? null;
    if ((await store.credentials.findByIdentity({ username, clientId })) !== null) continue;
    const write: CredentialWrite = {
      name: item.name ?? username ?? clientId ?? '',
      username,
      clientId,
      ...(await secretOf(item, index, hasher)),
      passwordless: false,
      superuser: item.superuser,
      enabled: item.enabled,
      expiresAt: item.expires_at === undefined ? null : Date.parse(item.expires_at),
      description: item.description,
      tags: item.tags,
      rules: rulesOf(item, config.auth.default_rules),
      // Only its beginning is in the file: afterwards it is edited like any other.
      source: 'api',
    };
    await store.transaction(async (tx) => {
      const created = await tx.credentials.create(write, now);
      if (created.result !== 'ok') return;
      inserted += 1;
      const { id, name } = created.credential;
      await tx.audit.append({
        at: now,
        actor: ACTOR,
        action: 'credential.create',
        target: { kind: 'credential', id, name },
        before: null,
        after: { username, clientId, superuser: write.superuser, enabled: write.enabled },
        ip: '',
        requestId: '',
      });
    });
  }
  return inserted;
}
