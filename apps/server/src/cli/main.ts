import { Command, CommanderError } from 'commander';
import { EXIT, Failure, messageOf } from '../runtime/failure.ts';
import { VERSION } from '../runtime/version.ts';
import { apiKeysCommand } from './api-keys.ts';
import { blockedCommand } from './blocked.ts';
import { rulesCommand } from './rules.ts';
import { checkCommand } from './check.ts';
import type { Host } from './command.ts';
import { clientsCommand } from './clients.ts';
import { credentialsCommand } from './credentials.ts';
import { demoCommand } from './demo.ts';
import { importCommand } from './import.ts';
import { processIo, type CliIo } from './io.ts';
import { migrateCommand } from './migrate.ts';
import { ownerCommand } from './owner.ts';
import { pkiCommand } from './pki.ts';
import { publishCommand } from './publish.ts';
import { referenceCommand } from './reference.ts';
import { retainedCommand } from './retained.ts';
import { startCommand } from './start.ts';
import { statusCommand } from './status.ts';
import { subscriptionsCommand } from './subscriptions.ts';
import { tryCommand } from './try.ts';
import { unauthorizedCommand } from './unauthorized.ts';

const COMMANDS = [
  startCommand,
  checkCommand,
  migrateCommand,
  ownerCommand,
  credentialsCommand,
  unauthorizedCommand,
  rulesCommand,
  blockedCommand,
  clientsCommand,
  subscriptionsCommand,
  retainedCommand,
  publishCommand,
  apiKeysCommand,
  tryCommand,
  pkiCommand,
  importCommand,
  statusCommand,
  demoCommand,
] as const;

function quiet(command: Command, io: CliIo): Command {
  command
    .exitOverride()
    .configureOutput({ writeOut: io.stdout, writeErr: io.stderr })
    .showHelpAfterError('(--help tells more)');
  for (const child of command.commands) quiet(child, io);
  return command;
}

/**
 * The `gatehouse` command.
 *
 * @param argv arguments without node and script
 * @returns the exit code: 0 done, 1 failed, 2 wrong usage or configuration, 3 `try` was refused
 */
export async function run(argv: readonly string[], io: CliIo = processIo()): Promise<number> {
  let code: number = EXIT.done;
  const host: Host = {
    io,
    finish: async (work) => {
      code = await work();
    },
  };
  const program = new Command('gatehouse')
    .description('An MQTT broker whose centre is authentication.')
    .version(VERSION);
  for (const make of COMMANDS) program.addCommand(make(host));
  program.addCommand(referenceCommand(host), { hidden: true });
  try {
    await quiet(program, io).parseAsync(argv, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    io.stderr(`${error instanceof Failure ? error.message : `Unexpected: ${messageOf(error)}`}\n`);
    return error instanceof Failure ? error.exitCode : EXIT.failed;
  }
}
