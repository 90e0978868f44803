import { existsSync } from 'node:fs';
import { checkFit } from './release.ts';
import type { ConfigProblem } from './problem.ts';
import { fromZod } from './problems.ts';
import { configSchema, type Config, type RawConfig } from './schema.ts';
import { readSources } from './sources.ts';

/** Where the configuration is looked for and what is laid over it. */
export interface LoadOptions {
  /** `--config`. */
  readonly config?: string | undefined;
  /** `--set`, each `path=value`. */
  readonly set?: readonly string[] | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** For `./gatehouse.yaml`. */
  readonly cwd: string;
}

export interface LoadedConfig {
  readonly config: Config;
  /** The same before parsing: plain data, fit to be sent to a worker, which parses it again. */
  readonly raw: RawConfig;
  /** The file that was read; undefined: built-in defaults. */
  readonly file: string | undefined;
  /** True when file, environment or `--set` gives this key. */
  readonly isSet: (path: string) => boolean;
  /** Where a key is given: `gatehouse.yaml:12`, a variable, `--set`; undefined for a default. */
  readonly originOf: (path: string) => string | undefined;
}

export type LoadResult =
  | { readonly ok: true; readonly loaded: LoadedConfig }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] };

function findFile(options: LoadOptions): string | undefined {
  if (options.config !== undefined) return options.config;
  const named = options.env['GATEHOUSE_CONFIG'];
  if (named !== undefined && named !== '') return named;
  return existsSync(`${options.cwd}/gatehouse.yaml`) ? `${options.cwd}/gatehouse.yaml` : undefined;
}

/** Finds, reads, overlays and checks the configuration: all problems at once, none thrown. */
export function loadConfig(options: LoadOptions): LoadResult {
  const file = findFile(options);
  const { raw, originOf, problems } = readSources({ file, env: options.env, set: options.set ?? [] });
  const parsed = configSchema.safeParse(raw);
  const found = [
    ...problems,
    ...(parsed.success ? checkFit(parsed.data, originOf) : fromZod(parsed.error, raw, originOf)),
  ];
  if (!parsed.success || found.length > 0) return { ok: false, problems: found };
  return {
    ok: true,
    loaded: {
      config: parsed.data,
      raw,
      file,
      isSet: (path) => originOf(path.split('.')) !== undefined,
      originOf: (path) => originOf(path.split('.')),
    },
  };
}

/** Parses what `loadConfig` has accepted, on the other side of a thread. */
export const parseLoaded = (raw: RawConfig): Config => configSchema.parse(raw);
