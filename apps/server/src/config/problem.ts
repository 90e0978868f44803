/** One thing that is wrong with the configuration, in the words that are printed. */
export interface ConfigProblem {
  /** Dotted path; empty when it is about a whole file. */
  readonly path: string;
  /** `gatehouse.yaml:12`, a variable, `--set`; undefined when a default is the cause. */
  readonly origin: string | undefined;
  readonly found: string;
  readonly accepted: string;
  readonly nearest?: string;
}

/** Where a value came from, in the words of an error message: `gatehouse.yaml:12`, `GATEHOUSE_API_PORT`, `--set`. */
export type OriginOf = (path: readonly PropertyKey[]) => string | undefined;
