import { Command } from 'commander';
import { configurationReference } from '../config/reference.ts';
import type { Host } from './command.ts';

/** Prints `docs/reference/configuration.md`; for the generator of the documentation, so it is not listed. */
export const referenceCommand = (host: Host): Command =>
  new Command('configuration-reference')
    .description('print the reference of all settings as Markdown')
    .action(() => host.io.stdout(configurationReference()));
