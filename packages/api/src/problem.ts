import { type FieldError, PROBLEMS, type Problem, type ProblemCode } from '@gatehouse/contract';

interface ProblemOptions {
  readonly detail?: string;
  readonly errors?: readonly FieldError[];
  /** Sent as `Retry-After`. */
  readonly retryAfterSeconds?: number;
}

/** What a service verb refuses with. Its code is closed and mapped to a status in one place; it never holds a secret. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly code: ProblemCode;
  readonly detail: string | undefined;
  readonly errors: readonly FieldError[];
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ProblemCode, options: ProblemOptions = {}) {
    super(options.detail ?? PROBLEMS[code].title);
    this.code = code;
    this.detail = options.detail;
    this.errors = options.errors ?? [];
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** A 400 about one field. */
export const invalidField = (path: string, message: string): ProblemError =>
  new ProblemError('invalid-input', { errors: [{ path, message }] });

/** The body of a problem answer (RFC 9457). */
export const toProblem = (error: ProblemError, requestId: string): Problem => ({
  type: `urn:gatehouse:problem:${error.code}`,
  title: PROBLEMS[error.code].title,
  status: PROBLEMS[error.code].status,
  ...(error.detail === undefined ? {} : { detail: error.detail }),
  code: error.code,
  requestId,
  ...(error.errors.length === 0 ? {} : { errors: [...error.errors] }),
});
