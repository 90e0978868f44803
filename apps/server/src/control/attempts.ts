import type { Api } from '@gatehouse/api';
import type { AttemptBatch, FlushOutcome, Store } from '@gatehouse/ports';
import type { Logger } from 'pino';

/** Stores a batch of the recorder, tells open consoles, and notes when each credential was last used. */
export async function flushAttempts(
  batch: AttemptBatch,
  store: Store,
  live: Api['live'],
  log: Logger,
): Promise<FlushOutcome> {
  const { changes, skippedAttempts = 0 } = await store.unauthorized.flush(batch, Date.now());
  live.publish(changes);
  if (skippedAttempts > 0)
    log.warn({ skippedAttempts }, 'refused attempts that cannot be stored were dropped');
  await noteUses(batch, store, log);
  return { skippedAttempts };
}

async function noteUses(batch: AttemptBatch, store: Store, log: Logger): Promise<void> {
  const latest = new Map<string, { readonly id: string; readonly at: number; readonly ip: string }>();
  for (const { credentialId, at, ip } of batch.logins) {
    if (credentialId === null || (latest.get(credentialId)?.at ?? -Infinity) > at) continue;
    latest.set(credentialId, { id: credentialId, at, ip });
  }
  if (latest.size === 0) return;
  // The batch is stored: failing now would have it counted twice.
  await store.credentials
    .touch([...latest.values()])
    .catch((error: unknown) => log.warn({ err: error }, 'the last use of credentials was not stored'));
}
