import { ENDPOINTS } from '@gatehouse/contract';
import type { Command } from 'commander';
import { z } from 'zod';
import { dataDirOf } from '../runtime/data-dir.ts';
import { EXIT } from '../runtime/failure.ts';
import { readRunFile } from '../runtime/run-file.ts';
import { setupLink } from '../runtime/addresses.ts';
import { action, newCommand, type Host } from './command.ts';
import { withApi } from './with-api.ts';

/** `gatehouse owner`: a new one-time link that makes an owner account; voids the one before. */
export function ownerCommand(host: Host): Command {
  const command = newCommand('owner', 'print a one-time link that makes an owner account');
  return action(host, command, z.object({}), async (context) => {
    const { config } = context.loaded;
    const { link, running } = await withApi(context, async ({ api, running: isRunning }) => ({
      link: await api.call(ENDPOINTS.issueSetupLink),
      running: isRunning,
    }));
    const port = (running ? readRunFile(dataDirOf(config))?.ports.console : undefined) ?? config.console.port;
    const url = setupLink(config, port, link.token);
    context.out.answer({ url, expiresAt: link.expiresAt }, () => [url]);
    if (!context.out.json)
      context.out.note(`Good until ${link.expiresAt}, once.${running ? '' : ' Start the server first.'}`);
    return EXIT.done;
  });
}
