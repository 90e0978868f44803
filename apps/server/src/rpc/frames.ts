/** An error as it crosses threads: a value, without a stack and without anything that was not meant to be told. */
export interface RemoteFailure {
  readonly name: string;
  readonly message: string;
  readonly code: string | undefined;
}

/** What crosses; one `postMessage` carries all frames of a tick. */
export type Frame =
  | { readonly kind: 'call'; readonly id: number; readonly method: string; readonly args: readonly unknown[] }
  | { readonly kind: 'note'; readonly method: string; readonly args: readonly unknown[] }
  | { readonly kind: 'value'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'failure'; readonly id: number; readonly failure: RemoteFailure }
  /** The sender closes and answers nothing any more. */
  | { readonly kind: 'bye' };

/** A call whose other side threw; `remoteName` and `code` are those of the error there. */
export class RpcError extends Error {
  override readonly name = 'RpcError';
  readonly remoteName: string;
  readonly code: string | undefined;
  constructor(failure: RemoteFailure) {
    super(failure.message);
    this.remoteName = failure.name;
    this.code = failure.code;
  }
}

/** A call that will never be answered: one of the two sides has closed. */
export class RpcClosedError extends Error {
  override readonly name = 'RpcClosedError';
  constructor() {
    super('the other thread is gone');
  }
}

export function toFailure(error: unknown): RemoteFailure {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error), code: undefined };
  return { name: error.name, message: error.message, code: 'code' in error ? String(error.code) : undefined };
}
