import { ENDPOINTS } from '@gatehouse/contract';
import type { Command } from 'commander';
import { z } from 'zod';
import { EXIT } from '../runtime/failure.ts';
import { action, newCommand, newGroup, type Host } from './command.ts';
import { withApi } from './with-api.ts';

/** `gatehouse audit verify`: walks the chain of hashes. Exits 1 when an entry was changed or removed. */
function verify(host: Host): Command {
  const command = newCommand('verify', 'has any entry of the audit been changed or removed? Exits 1 if so');
  return action(host, command, z.object({}), async (context) => {
    const found = await withApi(context, ({ api }) => api.call(ENDPOINTS.verifyAudit));
    context.out.answer(found, () => [
      found.intact
        ? `${found.entries} entries, the chain of hashes is intact.`
        : `The chain of hashes is broken at entry ${found.brokenAt ?? ''}, the ${found.entries}th.`,
    ]);
    return found.intact ? EXIT.done : EXIT.failed;
  });
}

export const auditCommand = (host: Host): Command =>
  newGroup('audit', 'the record of who changed what').addCommand(verify(host));
