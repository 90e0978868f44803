import { Command } from 'commander';
import { z } from 'zod';
import { loadConfig, type LoadedConfig } from '../config/load.ts';
import { formatProblems } from '../config/problems.ts';
import { EXIT, Failure } from '../runtime/failure.ts';
import type { CliIo } from './io.ts';
import { createOutput, type Output } from './output.ts';

/** What every command gets. */
export interface Context {
  readonly io: CliIo;
  readonly out: Output;
  readonly loaded: LoadedConfig;
}

/** Runs a command's action and keeps its exit code. */
export interface Host {
  readonly io: CliIo;
  readonly finish: (work: () => Promise<number>) => Promise<void>;
}

const commonOptions = z.object({
  config: z.string().optional(),
  set: z.array(z.string()).default([]),
  json: z.boolean().default(false),
});

/** Gathers an option that may be repeated. */
export const collect = (value: string, before: readonly string[] | undefined): readonly string[] => [
  ...(before ?? []),
  value,
];

/** A command with the options that all have. */
export function newCommand(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .option('-c, --config <file>', 'configuration file (else GATEHOUSE_CONFIG, ./gatehouse.yaml, defaults)')
    .option('--set <path=value>', 'set one key, e.g. listeners.tcp.port=2883; may be repeated', collect)
    .option('--json', 'print data as JSON');
}

/** A command that only holds others; the options belong to those. */
export const newGroup = (name: string, description: string): Command =>
  new Command(name).description(description);

/** Reads options with their schema: a wrong one is wrong usage. */
function parseOptions<S extends z.ZodType>(schema: S, raw: unknown): z.output<S> {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map(
    (issue) => `  --${issue.path.map(String).join('.')}: ${issue.message}`,
  );
  throw new Failure(['Wrong usage:', ...lines].join('\n'), EXIT.usage);
}

/** Binds an action: options are parsed, the configuration is loaded, failures become messages and exit codes. */
export function action<S extends z.ZodType>(
  host: Host,
  command: Command,
  schema: S,
  act: (context: Context, options: z.output<S>, args: readonly string[]) => Promise<number>,
): Command {
  return command.action(async () => {
    await host.finish(async () => {
      const raw: unknown = command.opts();
      const common = parseOptions(commonOptions, raw);
      const options = parseOptions(schema, raw);
      const result = loadConfig({
        config: common.config,
        set: common.set,
        env: host.io.env,
        cwd: host.io.cwd,
      });
      if (!result.ok) throw new Failure(formatProblems(result.problems), EXIT.usage);
      return act(
        { io: host.io, out: createOutput(host.io, common.json), loaded: result.loaded },
        options,
        command.args,
      );
    });
  });
}
