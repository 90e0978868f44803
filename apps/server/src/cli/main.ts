import { Command, CommanderError } from 'commander';
import { EXIT, Failure, messageOf } from '../runtime/failure.ts';
import { VERSION } from '../runtime/version.ts';
import type { Host } from './command.ts';
import { processIo, type CliIo } from './io.ts';

type MakeCommand = (host: Host) => Command;

/** By their names, in the order of the help. Loaded when asked for: a server that runs needs none of the others. */
const COMMANDS: Readonly<Record<string, () => Promise<MakeCommand>>> = {
  start: async () => (await import('./start.ts')).startCommand,
  check: async () => (await import('./check.ts')).checkCommand,
  migrate: async () => (await import('./migrate.ts')).migrateCommand,
  owner: async () => (await import('./owner.ts')).ownerCommand,
  credentials: async () => (await import('./credentials.ts')).credentialsCommand,
  unauthorized: async () => (await import('./unauthorized.ts')).unauthorizedCommand,
  rules: async () => (await import('./rules.ts')).rulesCommand,
  blocked: async () => (await import('./blocked.ts')).blockedCommand,
  clients: async () => (await import('./clients.ts')).clientsCommand,
  subscriptions: async () => (await import('./subscriptions.ts')).subscriptionsCommand,
  retained: async () => (await import('./retained.ts')).retainedCommand,
  publish: async () => (await import('./publish.ts')).publishCommand,
  'api-keys': async () => (await import('./api-keys.ts')).apiKeysCommand,
  audit: async () => (await import('./audit.ts')).auditCommand,
  try: async () => (await import('./try.ts')).tryCommand,
  pki: async () => (await import('./pki.ts')).pkiCommand,
  import: async () => (await import('./import.ts')).importCommand,
  backup: async () => (await import('./backup.ts')).backupCommand,
  restore: async () => (await import('./restore.ts')).restoreCommand,
  drain: async () => (await import('./drain.ts')).drainCommand,
  nodes: async () => (await import('./nodes.ts')).nodesCommand,
  status: async () => (await import('./status.ts')).statusCommand,
  demo: async () => (await import('./demo.ts')).demoCommand,
  'configuration-reference': async () => (await import('./reference.ts')).referenceCommand,
};

/** Prints the page of the reference; for those who write it. */
const HIDDEN = 'configuration-reference';

/** The command that is asked for, or all of them where that is for the help to say. */
async function addCommands(program: Command, [name = '']: readonly string[], host: Host): Promise<void> {
  const asked = Object.entries(COMMANDS).filter(([each]) => each === name);
  for (const [each, load] of asked.length > 0 ? asked : Object.entries(COMMANDS)) {
    const make = await load();
    program.addCommand(make(host), { hidden: each === HIDDEN });
  }
}

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
  await addCommands(program, argv, host);
  try {
    await quiet(program, io).parseAsync(argv, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    io.stderr(`${error instanceof Failure ? error.message : `Unexpected: ${messageOf(error)}`}\n`);
    return error instanceof Failure ? error.exitCode : EXIT.failed;
  }
}
