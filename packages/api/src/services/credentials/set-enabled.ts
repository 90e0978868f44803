import type { setEnabledBody } from '@gatehouse/contract';
import type { Credential } from '@gatehouse/ports';
import type { z } from 'zod';
import { authorize, type Context, writeAudit } from '../../context.ts';
import { manyTarget } from '../../present/audit-target.ts';
import { announceCredentials } from './announce.ts';

/** Names kept in the audit entry of a bulk change; the count is always whole. */
const AUDIT_NAMES_MAX = 100;

const auditNames = (credentials: readonly Credential[]) => ({
  count: credentials.length,
  credentials: credentials.slice(0, AUDIT_NAMES_MAX).map(({ id, name }) => ({ id, name })),
});

/** Enables or disables many; the sessions of what is disabled end. */
export const setCredentialsEnabled = async (ctx: Context, input: z.output<typeof setEnabledBody>) => {
  const actor = authorize(ctx, 'credentials:write');
  const changed = await ctx.house.store.transaction(async (tx) => {
    const set = await tx.credentials.setEnabled(input.ids, input.enabled, ctx.house.clock.now());
    if (set.length > 0) {
      const verb = input.enabled ? 'enable' : 'disable';
      await writeAudit(tx, ctx, actor, {
        action: `credential.${verb}${set.length === 1 ? '' : '-many'}`,
        target: manyTarget(
          'credential',
          set.map(({ id, name }) => ({ id, name })),
        ),
        after: auditNames(set),
      });
    }
    return set;
  });
  await announceCredentials(ctx, changed, { disconnect: !input.enabled, forgive: input.enabled });
  return { affected: changed.length };
};
