/** Exit codes of the command (interfaces.md). */
export const EXIT = { done: 0, failed: 1, usage: 2, refused: 3 } as const;

/** Something that stops a command and that the operator can act on: its message is printed as it is, without a stack. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly exitCode: number;
  constructor(message: string, exitCode: number = EXIT.failed, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}

/** The `code` of a system error, e.g. `EADDRINUSE`. */
export function codeOf(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined;
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
